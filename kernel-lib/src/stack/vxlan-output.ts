import { type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import type { Vxlan, VxlanConfig } from "../link/vxlan.js";
import type { VxlanRemote } from "../link/vxlan-fdb.js";
import type { PathHeader } from "../socket/path-output.js";
import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import {
  ECN_CE,
  ECN_ECT_0,
  ECN_MASK,
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  ipv4,
  ipv4HeaderLength,
  isFragment,
} from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import { VXLAN_LENGTH, writeVxlan } from "../wire/vxlan.js";
import type { Netns } from "./netns.js";
import { place } from "./record.js";
import { sendVia } from "./transmit.js";
import { refusesTooLarge } from "./tunnel-path-mtu.js";

/** Puts a frame into VXLAN, UDP and IPv4 and sends it by the namespace's routes (vxlan_xmit_one). A remote that cannot be reached costs the frame. */
export function sendVxlan(netns: Netns, device: Vxlan, packet: Packet, remote: VxlanRemote): void {
  const { config } = device;
  const bound = remote.via;
  const path =
    config.local !== 0 && !netns.isLocal(config.local)
      ? "EINVAL"
      : netns.findPath(remote.address, config.local, bound);
  if (typeof path === "string" || path.device === device) {
    if (typeof path === "string") device.stats.txCarrier++;
    device.stats.txErrors++;
    device.drop(packet, "IP_OUTNOROUTES");
    return;
  }
  if (refusesTooLarge(device, packet, path)) return;
  const group = isMulticastIpv4(remote.address);
  const { header } = netns.vxlans;
  fillHeader(header, config, packet, group, netns.defaultTtl);
  header.source = config.local === 0 ? path.source : config.local;
  const sourcePort = flowPort(netns, device, packet);
  const vni = remote.vni < 0 ? config.vni : remote.vni;
  const port = remote.port === 0 ? config.destinationPort : remote.port;
  if (path.type === "local" && port === config.destinationPort) {
    netns.vxlans.bypass(device, packet, vni);
    return;
  }
  const counted = packet.length - ETHERNET_LENGTH;
  packet.scrub();
  if (device.home !== netns) packet.mark = 0;
  header.mark = packet.mark;
  encapsulate(packet, config, vni, sourcePort, port, header.source, remote.address);
  const { recorder } = netns.world;
  if (recorder !== null && packet.journey !== 0)
    recorder.record({
      kind: "encapsulate",
      ...place(netns, packet),
      device: device.name,
      vni,
      remote: remote.address,
      sourcePort,
      destinationPort: port,
    });
  try {
    if (sendVia(netns, packet, path, remote.address, header, "tunnel")) {
      device.stats.txPackets++;
      device.stats.txBytes += counted;
    } else device.stats.txDropped++;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    device.stats.txErrors++;
  }
}

/** What the outer header takes from the device's settings, and what from the inner packet. */
function fillHeader(
  header: PathHeader,
  { ttl, tos, dontFragment }: VxlanConfig,
  packet: Packet,
  group: boolean,
  normal: number,
): void {
  const { bytes, start } = packet;
  const inner = ethernet.type.get(bytes, start) === ETHERTYPE_IPV4 ? start + ETHERNET_LENGTH : -1;
  const innerTtl = inner < 0 ? normal : ipv4.ttl.get(bytes, inner);
  header.ttl = ttl === "inherit" ? innerTtl : ttl === 0 ? (group ? 1 : normal) : ttl;
  const innerTos = inner < 0 ? 0 : ipv4.tos.get(bytes, inner);
  header.tos = markedAs(innerTos, tos === "inherit" ? innerTos : tos);
  header.dontFragment =
    dontFragment === "set" ||
    (dontFragment === "inherit" && inner >= 0 && ipv4.dontFragment.get(bytes, inner) === 1);
}

/** The envelope's type of service: its congestion bits are the content's, but for "congestion experienced", which is not told again (INET_ECN_encapsulate). */
function markedAs(inner: number, outer: number): number {
  const mark = inner & ECN_MASK;
  return (outer & ~ECN_MASK) | (mark === ECN_CE ? ECN_ECT_0 : mark);
}

function encapsulate(
  packet: Packet,
  config: VxlanConfig,
  vni: number,
  sourcePort: number,
  destinationPort: number,
  source: Ipv4,
  destination: Ipv4,
): void {
  packet.encapsulated = true;
  const at = packet.push(UDP_LENGTH + VXLAN_LENGTH);
  const { bytes } = packet;
  writeVxlan(bytes, at + UDP_LENGTH, vni);
  udp.sourcePort.set(bytes, at, sourcePort);
  udp.destinationPort.set(bytes, at, destinationPort);
  udp.length.set(bytes, at, packet.length);
  udp.checksum.set(bytes, at, 0);
  packet.innerChecked = packet.checked;
  packet.checked = -1;
  if (!config.udpChecksum) return;
  const pseudo = pseudoHeaderSum(source, destination, IPPROTO_UDP, packet.length);
  const sum = finish(addEnvelope(pseudo, packet, at));
  udp.checksum.set(bytes, at, sum === 0 ? 0xffff : sum);
  packet.checked = at;
}

/**
 * Adds everything from `at` on to a sum. Where the inner packet's checksum is known to be right, its header and payload come to the complement of its pseudo
 * header, and only what is in front of them is read (lco_csum).
 */
function addEnvelope(sum: number, { bytes, end, innerChecked }: Packet, at: number): number {
  if (innerChecked < 0) return addBytes(sum, bytes, at, end);
  const inner = at + UDP_LENGTH + VXLAN_LENGTH + ETHERNET_LENGTH;
  const protocol = ipv4.protocol.get(bytes, inner);
  const source = ipv4.source.get(bytes, inner);
  const destination = ipv4.destination.get(bytes, inner);
  const pseudo =
    protocol === IPPROTO_ICMP ? 0 : pseudoHeaderSum(source, destination, protocol, end - innerChecked);
  return addBytes(sum + finish(pseudo), bytes, at, innerChecked);
}

/**
 * The outer source port: a hash of the inner flow over the range of ports, so that routers spread tunnels by flow (udp_flow_src_port). Both directions of
 * a flow hash alike, but for TCP, where the sender's socket gives the hash. Of a protocol without addresses that the dissector knows, only the type
 * counts: all ARP of a machine has one port.
 */
function flowPort(netns: Netns, { config }: Vxlan, packet: Packet): number {
  const [low, high] = config.sourcePorts[1] === 0 ? netns.portRange : config.sourcePorts;
  const hash = flowHash(packet.bytes, packet.start, packet.end) ^ netns.vxlans.flowSecret;
  return low + Math.floor(((hash >>> 0) / 2 ** 32) * (high - low));
}

function flowHash(bytes: Uint8Array, start: number, end: number): number {
  const type = ethernet.type.get(bytes, start);
  if (type !== ETHERTYPE_IPV4) return mix(type, 0);
  const at = start + ETHERNET_LENGTH;
  const source = ipv4.source.get(bytes, at);
  const destination = ipv4.destination.get(bytes, at);
  const protocol = ipv4.protocol.get(bytes, at);
  const ports = at + ipv4HeaderLength(bytes, at);
  const hasPorts =
    (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) && !isFragment(bytes, at) && end - ports >= 4;
  const from = hasPorts ? udp.sourcePort.get(bytes, ports) : 0;
  const to = hasPorts ? udp.destinationPort.get(bytes, ports) : 0;
  if (protocol === IPPROTO_TCP) return mix(mix(source, from), mix(destination, to) ^ protocol);
  return mix(mix(source, from) + mix(destination, to), protocol);
}

function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}

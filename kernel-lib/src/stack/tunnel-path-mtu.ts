import { IPV4_BROADCAST, type Ipv4, isLoopbackIpv4, isMulticastIpv4 } from "../base/addresses.js";
import { segmentLength } from "../link/offload.js";
import { VXLAN_HEADROOM, type Vxlan } from "../link/vxlan.js";
import type { Path } from "../route/path.js";
import { checksum } from "../wire/checksum.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import {
  ICMP_LENGTH,
  ICMP_UNREACHABLE,
  icmp,
  icmpRest,
  isIcmpError,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../wire/icmp.js";
import { fillIpv4Checksum, IPPROTO_ICMP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { Netns } from "./netns.js";
import { recordBorn } from "./record.js";

/** An error quotes so much that it is at most 576 bytes long (iptunnel_pmtud_build_icmp). */
const MOST_QUOTED = 576 - IPV4_LENGTH - ICMP_LENGTH;
/** Below this MTU nobody is told (RFC 791: every host takes 576 bytes). */
const SMALLEST_TOLD = 576;

/**
 * A frame for a tunnel may be too large for the way to the remote (skb_tunnel_check_pmtu). What this machine sends or forwards by a route has the smaller MTU noted on
 * that route. Where the tunnel is a port of a bridge, the sender behind the bridge, or this machine itself, is told in the name of the packet's destination, if the
 * packet may not be fragmented: then the frame is dropped, and true is returned. Else it goes on, in fragments of the envelope.
 */
export function refusesTooLarge(device: Vxlan, packet: Packet, path: Path): boolean {
  const mtu = path.mtu - VXLAN_HEADROOM;
  const at = packet.start + ETHERNET_LENGTH;
  const length = packet.gsoSize === 0 ? packet.end - at : segmentLength(packet, at);
  if (length <= mtu) return false;
  if (ethernet.type.get(packet.bytes, packet.start) !== ETHERTYPE_IPV4) return false;
  const home = device.home as Netns;
  if (packet.routed) {
    home.learnPathMtu(ipv4.destination.get(packet.bytes, at), mtu);
    if (packet.inputIndex !== 0) return false;
  }
  if (device.master === null || !mayTell(packet, at, mtu)) return false;
  const answer = forgeError(home, packet, at, mtu);
  device.drop(packet, "PKT_TOO_BIG");
  device.stats.txPackets++;
  device.stats.txBytes += answer.length;
  home.cpu.leave(answer);
  const { scheduler } = home.world;
  scheduler.at(scheduler.now + answer.elapsed, arrive, device, answer);
  return true;
}

/** iptunnel_pmtud_check_icmp: DF and no fragment, ordinary addresses, not itself an error. */
function mayTell({ bytes }: Packet, at: number, mtu: number): boolean {
  if (mtu < SMALLEST_TOLD) return false;
  const whole = ipv4.moreFragments.get(bytes, at) === 0 && ipv4.fragmentOffset.get(bytes, at) === 0;
  if (!whole || ipv4.dontFragment.get(bytes, at) === 0) return false;
  const source = ipv4.source.get(bytes, at);
  const destination = ipv4.destination.get(bytes, at);
  if (isGroup(destination) || isGroup(source) || source >>> 24 === 0 || isLoopbackIpv4(source)) return false;
  if (ipv4.protocol.get(bytes, at) !== IPPROTO_ICMP) return true;
  return !isIcmpError(icmp.type.get(bytes, at + ipv4HeaderLength(bytes, at)));
}

function isGroup(address: Ipv4): boolean {
  return address === IPV4_BROADCAST || isMulticastIpv4(address);
}

/** "Fragmentation needed" as if the packet's destination had sent it: addresses turned round, both of IPv4 and of Ethernet. */
function forgeError(netns: Netns, packet: Packet, from: number, mtu: number): Packet {
  const quoted = Math.min(packet.end - from, MOST_QUOTED);
  const answer = netns.world.packets.take(ICMP_LENGTH + quoted);
  const at = answer.put(ICMP_LENGTH + quoted);
  icmp.type.set(answer.bytes, at, ICMP_UNREACHABLE);
  icmp.code.set(answer.bytes, at, UNREACHABLE_FRAGMENTATION_NEEDED);
  icmp.checksum.set(answer.bytes, at, 0);
  icmpRest.set(answer.bytes, at, mtu);
  answer.bytes.set(packet.bytes.subarray(from, from + quoted), at + ICMP_LENGTH);
  icmp.checksum.set(answer.bytes, at, checksum(answer.bytes, at, answer.end));
  answer.transport = at;
  answer.elapsed = packet.elapsed;
  answer.journey = netns.world.nextJourney();
  answer.network = answer.push(IPV4_LENGTH);
  writeNetworkHeader(answer, packet, from);
  recordBorn(netns, answer, "kernel", packet.journey);
  const frame = answer.push(ETHERNET_LENGTH);
  ethernet.destination.set(answer.bytes, frame, ethernet.source.get(packet.bytes, packet.start));
  ethernet.source.set(answer.bytes, frame, ethernet.destination.get(packet.bytes, packet.start));
  ethernet.type.set(answer.bytes, frame, ETHERTYPE_IPV4);
  return answer;
}

/** The header has the TTL of the packet that it is about, TOS and identification 0, and DF. */
function writeNetworkHeader(answer: Packet, packet: Packet, from: number): void {
  const { bytes, network } = answer;
  bytes.fill(0, network, network + IPV4_LENGTH);
  bytes[network] = 0x45;
  ipv4.totalLength.set(bytes, network, answer.end - network);
  ipv4.dontFragment.set(bytes, network, 1);
  ipv4.ttl.set(bytes, network, ipv4.ttl.get(packet.bytes, from));
  ipv4.protocol.set(bytes, network, IPPROTO_ICMP);
  ipv4.source.set(bytes, network, ipv4.destination.get(packet.bytes, from));
  ipv4.destination.set(bytes, network, ipv4.source.get(packet.bytes, from));
  fillIpv4Checksum(bytes, network);
}

/** The error comes in by the tunnel's device (vxlan_encap_bypass), which counts all of it, unlike a frame from a remote. */
function arrive(to: unknown, answer: unknown): void {
  const device = to as Vxlan;
  if (device.up) device.stats.rxBytes += ETHERNET_LENGTH;
  device.takeLocal(answer as Packet);
}

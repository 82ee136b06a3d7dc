import { type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import type { Vxlan, VxlanUnderlay } from "../link/vxlan.js";
import type { VxlanRemote } from "../link/vxlan-fdb.js";
import { newPathHeader } from "../socket/path-output.js";
import type { UdpSocket } from "../socket/udp-socket.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import { ECN_CE, ECN_MASK, IPPROTO_UDP, ipv4, setTos } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { UDP_LENGTH } from "../wire/udp.js";
import { hasUnknownBits, VXLAN_LENGTH, vniOf } from "../wire/vxlan.js";
import type { Netns } from "./netns.js";
import { drop, place } from "./record.js";
import { sendVxlan } from "./vxlan-output.js";
import { answerProxyArp } from "./vxlan-proxy.js";

/** One UDP port and the VXLAN devices behind it, by VNI (vxlan_sock). */
interface VxlanSocket {
  readonly socket: UdpSocket;
  readonly byVni: Map<number, Vxlan>;
}

/** The UDP sockets of a namespace's VXLAN devices. A device keeps its underlay when it moves to another namespace, as in an overlay network. */
export class VxlanSockets implements VxlanUnderlay {
  private readonly byPort = new Map<number, VxlanSocket>();
  /** All devices made here, up or down: two may not share port and VNI. */
  readonly devices = new Set<Vxlan>();

  /** The header of outer packets, changed for each, so that sending makes no objects. */
  readonly header = newPathHeader(IPPROTO_UDP);
  /** Mixed into the hash of inner flows: another machine, other source ports (flow_keys' hashrnd). */
  readonly flowSecret: number;

  get home(): Netns {
    return this.netns;
  }

  constructor(private readonly netns: Netns) {
    this.flowSecret = netns.world.random.fork(`flow/${netns.machine}`).uint32();
  }

  open(device: Vxlan): void {
    const { destinationPort, vni } = device.config;
    let shared = this.byPort.get(destinationPort);
    if (shared === undefined) {
      const socket = this.netns.udp.socket();
      socket.owner = "vxlan";
      socket.bind(0, destinationPort);
      shared = { socket, byVni: new Map() };
      const { byVni } = shared;
      socket.encapsulation = (packet, source) => this.receive(packet, source, byVni);
      this.byPort.set(destinationPort, shared);
    }
    shared.byVni.set(vni, device);
    this.changeGroup(device, "join");
  }

  close(device: Vxlan): void {
    const { destinationPort, vni } = device.config;
    const shared = this.byPort.get(destinationPort);
    if (shared?.byVni.get(vni) !== device) return;
    this.changeGroup(device, "leave");
    shared.byVni.delete(vni);
    if (shared.byVni.size > 0) return;
    shared.socket.close();
    this.byPort.delete(destinationPort);
  }

  send(device: Vxlan, packet: Packet, remote: VxlanRemote): void {
    sendVxlan(this.netns, device, packet, remote);
  }

  /** The remote is this machine: the frame goes to the device of that VNI at once, as long as there is one (vxlan_encap_bypass_if_local). */
  bypass(from: Vxlan, packet: Packet, vni: number): void {
    const to = this.byPort.get(from.config.destinationPort)?.byVni.get(vni);
    if (to === undefined) {
      from.stats.txErrors++;
      from.drop(packet, "VXLAN_VNI_NOT_FOUND");
      return;
    }
    from.stats.txPackets++;
    from.stats.txBytes += packet.length;
    packet.scrub();
    const { scheduler } = this.netns.world;
    scheduler.at(scheduler.now + packet.elapsed, arriveBypassed, to, packet);
    from.home.cpu.leave(packet);
  }

  answerArp(device: Vxlan, packet: Packet): boolean {
    return answerProxyArp(device, packet);
  }

  private changeGroup({ config: { remote, lower } }: Vxlan, change: "join" | "leave"): void {
    if (lower !== null && isMulticastIpv4(remote)) this.netns.groups[change](lower.ifindex, remote);
  }

  /** A datagram for the port: header checked, device found by VNI, envelope taken off (vxlan_rcv). */
  private receive(packet: Packet, source: Ipv4, byVni: ReadonlyMap<number, Vxlan>): void {
    const { netns } = this;
    const at = packet.start + UDP_LENGTH;
    if (packet.length < UDP_LENGTH + VXLAN_LENGTH || hasUnknownBits(packet.bytes, at)) {
      drop(netns, packet, "VXLAN_INVALID_HDR", "vxlan");
      return;
    }
    const vni = vniOf(packet.bytes, at);
    const device = byVni.get(vni);
    if (device === undefined) {
      drop(netns, packet, "VXLAN_VNI_NOT_FOUND", "vxlan");
      return;
    }
    netns.counters.udp.InDatagrams++;
    packet.elapsed += netns.world.costs.vxlan;
    const mark = ipv4.tos.get(packet.bytes, packet.network) & ECN_MASK;
    packet.pull(UDP_LENGTH + VXLAN_LENGTH);
    packet.checked = packet.innerChecked;
    packet.innerChecked = -1;
    packet.scrub();
    packet.encapsulated = false;
    if (device.home !== netns) packet.mark = 0;
    const { recorder } = netns.world;
    if (recorder !== null && packet.journey !== 0)
      recorder.record({
        kind: "decapsulate",
        ...place(netns, packet),
        device: device.name,
        vni,
        remote: source,
      });
    if (mark === ECN_CE && !passOnCongestion(packet)) {
      device.stats.rxErrors++;
      device.drop(packet, "IP_TUNNEL_ECN");
      return;
    }
    device.take(packet, source);
  }
}

/** The envelope has met congestion: the content is marked so. False for content that knows no such marks and must not arrive (INET_ECN_decapsulate). */
function passOnCongestion({ bytes, start }: Packet): boolean {
  const at = start + ETHERNET_LENGTH;
  if (ethernet.type.get(bytes, start) !== ETHERTYPE_IPV4) return true;
  const tos = ipv4.tos.get(bytes, at);
  if ((tos & ECN_MASK) === 0) return false;
  setTos(bytes, at, tos | ECN_CE);
  return true;
}

function arriveBypassed(device: unknown, packet: unknown): void {
  (device as Vxlan).takeBypassed(packet as Packet);
}

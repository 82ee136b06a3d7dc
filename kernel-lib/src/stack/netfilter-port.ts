import { type Ipv4, isLoopbackIpv4 } from "../base/addresses.js";
import { connectionOf } from "../netfilter/conntrack/connection.js";
import type { NetfilterPort } from "../netfilter/netfilter.js";
import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { ETHERNET_LENGTH, ETHERTYPE_IPV4, ethernet } from "../wire/ethernet.js";
import {
  fillIpv4Checksum,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_LENGTH,
  ipv4,
  ipv4HeaderLength,
} from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_ACK, TCP_FIN, TCP_LENGTH, TCP_RST, TCP_SYN, tcp, tcpHeaderLength } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import { isGroupAddress } from "./checks.js";
import { selectAddress } from "./find-path.js";
import { attachConnection, sendUnreachable } from "./icmp-errors.js";
import type { Netns } from "./netns.js";

/** How netfilter reaches the stack around it. */
export function netfilterPort(netns: Netns): NetfilterPort {
  return {
    world: netns.world,
    machine: netns.machine,
    id: netns.id,
    hooks: netns.hooks,
    fib: netns.fib,
    tableModules: netns.tableModules,
    addressOf(device, destination) {
      const route = netns.fib.lookup(destination);
      return selectAddress(netns, device, route === null ? 0 : route.gateway, "global");
    },
    followSettings({ settings, count }) {
      netns.sysctls.netfilterChanged = (name, value) => settings.set(name, value);
      netns.sysctls.showLive("net.netfilter.nf_conntrack_count", () => String(count()));
    },
    hasWay({ bytes, network }) {
      const path = netns.findPath(ipv4.destination.get(bytes, network));
      if (typeof path === "string") return false;
      if (!isLoopbackIpv4(ipv4.source.get(bytes, network)) || path.device.kind === "loopback") return true;
      return netns.sysctls.routesLocalnet(path.device.ifindex);
    },
    sendUnreachable(packet, code) {
      if (hasRightSum(packet)) sendUnreachable(netns, packet, code);
    },
    sendReset(packet) {
      if (hasRightSum(packet)) sendReset(netns, packet);
    },
  };
}

/** Protocols whose integrity is not a 16-bit sum over all of it, so that nothing is checked: GRE, ESP, AH, DCCP, SCTP, UDP-Lite (nf_reject_verify_csum). */
const WITHOUT_PLAIN_SUM: readonly number[] = [47, 50, 51, 33, 132, 136];

/** Whether a REJECT may answer: nothing is said about a packet whose checksum is wrong. Of an unknown protocol the whole payload must sum up. */
function hasRightSum({ bytes, network, end, checked }: Packet): boolean {
  const at = network + ipv4HeaderLength(bytes, network);
  if (checked === at) return true;
  const protocol = ipv4.protocol.get(bytes, network);
  if (WITHOUT_PLAIN_SUM.includes(protocol)) return true;
  if (protocol === IPPROTO_UDP && end - at >= UDP_LENGTH && udp.checksum.get(bytes, at) === 0) return true;
  const source = ipv4.source.get(bytes, network);
  const destination = ipv4.destination.get(bytes, network);
  const summed = protocol === IPPROTO_TCP || protocol === IPPROTO_UDP;
  // The kernel sums the IPv4 header too, which comes to all ones.
  const start = summed ? pseudoHeaderSum(source, destination, protocol, end - at) : 0xffff;
  return finish(addBytes(start, bytes, at, end)) === 0;
}

/** Answers a segment with a reset, as if its destination had (nf_send_reset). Nothing for a reset, nor for what was sent to a group. */
function sendReset(netns: Netns, packet: Packet): void {
  const { bytes, network, end } = packet;
  const at = network + ipv4HeaderLength(bytes, network);
  const flags = tcp.flags.get(bytes, at);
  if (ipv4.fragmentOffset.get(bytes, network) !== 0 || end - at < TCP_LENGTH || (flags & TCP_RST) !== 0)
    return;
  const source = ipv4.destination.get(bytes, network);
  const destination = ipv4.source.get(bytes, network);
  // What a bridge hands on has no route that could say so.
  if (packet.bridgeInput === "" && isGroupAddress(netns, source)) return;
  const reset = netns.world.packets.take(TCP_LENGTH);
  const to = reset.put(TCP_LENGTH);
  reset.bytes.fill(0, to, to + TCP_LENGTH);
  tcp.sourcePort.set(reset.bytes, to, tcp.destinationPort.get(bytes, at));
  tcp.destinationPort.set(reset.bytes, to, tcp.sourcePort.get(bytes, at));
  tcp.headerWords.set(reset.bytes, to, TCP_LENGTH / 4);
  if ((flags & TCP_ACK) !== 0) {
    tcp.sequence.set(reset.bytes, to, tcp.acknowledgement.get(bytes, at));
    tcp.flags.set(reset.bytes, to, TCP_RST);
  } else {
    const length =
      end -
      at -
      tcpHeaderLength(bytes, at) +
      ((flags & TCP_SYN) !== 0 ? 1 : 0) +
      ((flags & TCP_FIN) !== 0 ? 1 : 0);
    tcp.acknowledgement.set(reset.bytes, to, tcp.sequence.get(bytes, at) + length);
    tcp.flags.set(reset.bytes, to, TCP_RST | TCP_ACK);
  }
  const sum = addBytes(
    pseudoHeaderSum(source, destination, IPPROTO_TCP, TCP_LENGTH),
    reset.bytes,
    to,
    to + TCP_LENGTH,
  );
  tcp.checksum.set(reset.bytes, to, finish(sum));
  reset.elapsed = packet.elapsed;
  const connection = connectionOf(packet);
  if (connection !== null) netns.netfilter.conntrack.setClosing(connection);
  if (packet.bridgeInput !== "") {
    sendByPort(netns, packet, reset, source, destination);
    return;
  }
  attachConnection(reset, packet);
  const path = netns.findPath(destination);
  if (typeof path === "string") {
    reset.release();
    return;
  }
  netns.send(reset, {
    source,
    destination,
    protocol: IPPROTO_TCP,
    dontFragment: true,
    cause: packet.journey,
  });
}

/** An answer to what came by a bridge leaves by the same port at once, with the frame's addresses turned round: no rule sees it, and the peer sees no other MAC than before. */
function sendByPort(netns: Netns, packet: Packet, reset: Packet, source: Ipv4, destination: Ipv4): void {
  const device = netns.device(packet.bridgeInput);
  if (device === undefined) {
    reset.release();
    return;
  }
  const at = reset.push(IPV4_LENGTH);
  reset.network = at;
  reset.bytes.fill(0, at, at + IPV4_LENGTH);
  reset.bytes[at] = 0x45;
  ipv4.totalLength.set(reset.bytes, at, reset.length);
  ipv4.dontFragment.set(reset.bytes, at, 1);
  ipv4.ttl.set(reset.bytes, at, netns.defaultTtl);
  ipv4.protocol.set(reset.bytes, at, IPPROTO_TCP);
  ipv4.source.set(reset.bytes, at, source);
  ipv4.destination.set(reset.bytes, at, destination);
  fillIpv4Checksum(reset.bytes, at);
  const old = packet.network - ETHERNET_LENGTH;
  const frame = reset.push(ETHERNET_LENGTH);
  ethernet.destination.set(reset.bytes, frame, ethernet.source.get(packet.bytes, old));
  ethernet.source.set(reset.bytes, frame, ethernet.destination.get(packet.bytes, old));
  ethernet.type.set(reset.bytes, frame, ETHERTYPE_IPV4);
  reset.journey = netns.world.nextJourney();
  device.transmit(reset);
}

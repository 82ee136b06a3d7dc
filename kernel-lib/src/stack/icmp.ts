import { type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import { newPathHeader } from "../socket/path-output.js";
import { checksum, updateWord } from "../wire/checksum.js";
import {
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_LENGTH,
  ICMP_UNREACHABLE,
  icmp,
  icmpMtu,
  isIcmpError,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { recordDelivery } from "./deliver.js";
import type { Netns } from "./netns.js";
import { drop } from "./record.js";
import { sendVia } from "./transmit.js";

const replyHeader = newPathHeader(IPPROTO_ICMP);

/** An ICMP message for this namespace (icmp_rcv); `packet.start` is at the ICMP header. */
export function receiveIcmp(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const { bytes, start } = packet;
  netns.counters.icmp.InMsgs++;
  if (packet.length < ICMP_LENGTH) {
    drop(netns, packet, "PKT_TOO_SMALL", "icmp");
    return;
  }
  if (checksum(bytes, start, packet.end) !== 0) {
    netns.counters.icmp.InCsumErrors++;
    drop(netns, packet, "ICMP_CSUM", "icmp");
    return;
  }
  const type = icmp.type.get(bytes, start);
  if (type === ICMP_ECHO) {
    answerEcho(netns, packet, source, destination);
    return;
  }
  if (type === ICMP_ECHO_REPLY) {
    receiveReply(netns, packet, source, destination);
    return;
  }
  if (isIcmpError(type)) {
    receiveError(netns, packet, type, source, destination);
    return;
  }
  drop(netns, packet, "NOT_SPECIFIED", "icmp");
}

/** Echo (icmp_echo): the same bytes go back with the same TOS, from the address that was asked. The packet itself becomes the reply. */
function answerEcho(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const { sysctls, counters } = netns;
  const toGroup = packet.type === "broadcast" || packet.type === "multicast" || isMulticastIpv4(destination);
  counters.icmp.InEchos++;
  if (sysctls.ignoresEcho || (toGroup && sysctls.ignoresBroadcastEcho)) {
    drop(netns, packet, "NOT_SPECIFIED", "icmp");
    return;
  }
  const path = netns.findPath(source);
  if (typeof path === "string") {
    drop(netns, packet, "IP_OUTNOROUTES", "icmp");
    return;
  }
  recordDelivery(netns, packet, "icmp", "kernel");
  const { bytes, start } = packet;
  const code = icmp.code.get(bytes, start);
  const old = icmp.checksum.get(bytes, start);
  icmp.type.set(bytes, start, ICMP_ECHO_REPLY);
  icmp.checksum.set(bytes, start, updateWord(old, (ICMP_ECHO << 8) | code, (ICMP_ECHO_REPLY << 8) | code));
  replyHeader.source = netns.isLocal(destination) && !toGroup ? destination : 0;
  replyHeader.ttl = netns.defaultTtl;
  replyHeader.tos = ipv4.tos.get(bytes, packet.network);
  replyHeader.cause = packet.journey;
  packet.journey = 0;
  packet.branch = 0;
  packet.connection = null;
  packet.connectionInfo = 0;
  packet.inputIndex = 0;
  packet.type = "outgoing";
  counters.icmp.OutMsgs++;
  counters.icmp.OutEchoReps++;
  sendVia(netns, packet, path, source, replyHeader, "kernel");
}

function receiveReply(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  netns.counters.icmp.InEchoReps++;
  packet.elapsed += netns.world.costs.socketReceive;
  netns.cpu.leave(packet);
  if (!netns.icmp.accepts(packet)) {
    drop(netns, packet, "NO_SOCKET", "icmp");
    return;
  }
  recordDelivery(netns, packet, "icmp", `echo id ${icmp.id.get(packet.bytes, packet.start)}`);
  netns.icmp.receive(packet, source, destination);
}

/** An error about a packet from here (icmp_unreach): the path MTU is learned, the socket that sent it is told. */
function receiveError(netns: Netns, packet: Packet, type: number, source: Ipv4, destination: Ipv4): void {
  const { bytes, start } = packet;
  const inner = start + ICMP_LENGTH;
  if (type === ICMP_UNREACHABLE) netns.counters.icmp.InDestUnreachs++;
  if (packet.end - inner < IPV4_LENGTH) {
    drop(netns, packet, "PKT_TOO_SMALL", "icmp");
    return;
  }
  const next = inner + ipv4HeaderLength(bytes, inner);
  if (ipv4HeaderLength(bytes, inner) < IPV4_LENGTH || packet.end < next + 8) {
    drop(netns, packet, "PKT_TOO_SMALL", "icmp");
    return;
  }
  recordDelivery(netns, packet, "icmp", "kernel");
  const code = icmp.code.get(bytes, start);
  const isMtu = type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED;
  const mtu = isMtu ? icmpMtu.get(bytes, start) : 0;
  if (isMtu && netns.isLocal(ipv4.source.get(bytes, inner)))
    netns.learnPathMtu(ipv4.destination.get(bytes, inner), mtu);
  packet.elapsed += netns.world.costs.socketReceive;
  netns.cpu.leave(packet);
  switch (ipv4.protocol.get(bytes, inner)) {
    case IPPROTO_UDP:
      netns.udp.error(bytes.slice(inner, packet.end), type, code, mtu);
      break;
    case IPPROTO_TCP:
      netns.tcp.error(bytes.slice(inner, packet.end), type, code, mtu);
      break;
    case IPPROTO_ICMP:
      netns.icmp.receive(packet, source, destination);
      return;
    default:
      break;
  }
  packet.release();
}

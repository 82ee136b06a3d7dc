import type { Ipv4 } from "../base/addresses.js";
import { ms } from "../base/units.js";
import { newPathHeader } from "../socket/path-output.js";
import { LAB_EPOCH_SECONDS } from "../trace/world.js";
import { checksum, updateWord } from "../wire/checksum.js";
import {
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_LENGTH,
  ICMP_REDIRECT,
  ICMP_TIMESTAMP,
  ICMP_TIMESTAMP_LENGTH,
  ICMP_TIMESTAMP_REPLY,
  ICMP_UNREACHABLE,
  icmp,
  icmpMtu,
  icmpRest,
  icmpTimes,
  isIcmpError,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../wire/icmp.js";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { isGroupAddress } from "./checks.js";
import { recordDelivery } from "./deliver.js";
import { sendOwn } from "./icmp-errors.js";
import type { Netns } from "./netns.js";
import { drop } from "./record.js";
import { followRedirect } from "./redirects.js";

const DAY_MILLISECONDS = 86_400_000;
const replyHeader = newPathHeader(IPPROTO_ICMP);

/** An ICMP message for this namespace (icmp_rcv); `packet.start` is at the ICMP header. */
export function receiveIcmp(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const { bytes, start } = packet;
  netns.counters.icmp.InMsgs++;
  if (packet.length < ICMP_LENGTH) {
    netns.counters.icmp.InErrors++;
    drop(netns, packet, "PKT_TOO_SMALL", "icmp");
    return;
  }
  if (packet.checked !== start && checksum(bytes, start, packet.end) !== 0) {
    netns.counters.icmp.InErrors++;
    netns.counters.icmp.InCsumErrors++;
    drop(netns, packet, "ICMP_CSUM", "icmp");
    return;
  }
  const type = icmp.type.get(bytes, start);
  netns.counters.icmp.received(type);
  if (type === ICMP_ECHO) {
    answerEcho(netns, packet, source, destination);
    return;
  }
  if (type === ICMP_TIMESTAMP) {
    answerTimestamp(netns, packet, source, destination);
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

/** Asked of a group, by a setting that both answers share (icmp_echo_ignore_broadcasts). The route tells, not the frame. */
function isUnwantedGroup(netns: Netns, destination: Ipv4): boolean {
  return netns.sysctls.ignoresBroadcastEcho && isGroupAddress(netns, destination);
}

/** Echo (icmp_echo): the same bytes go back. */
function answerEcho(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const { bytes, start } = packet;
  if (netns.sysctls.ignoresEcho || isUnwantedGroup(netns, destination)) {
    drop(netns, packet, "NOT_SPECIFIED", "icmp");
    return;
  }
  const code = icmp.code.get(bytes, start);
  const old = icmp.checksum.get(bytes, start);
  icmp.type.set(bytes, start, ICMP_ECHO_REPLY);
  icmp.checksum.set(bytes, start, updateWord(old, (ICMP_ECHO << 8) | code, (ICMP_ECHO_REPLY << 8) | code));
  reply(netns, packet, source, destination);
}

/** Timestamp (icmp_timestamp): the asker's time goes back with ours, in milliseconds since midnight of the lab's clock. */
function answerTimestamp(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const { bytes, start } = packet;
  if (packet.length < ICMP_TIMESTAMP_LENGTH || isUnwantedGroup(netns, destination)) {
    drop(netns, packet, "NOT_SPECIFIED", "icmp");
    return;
  }
  packet.trim(ICMP_TIMESTAMP_LENGTH);
  const now = LAB_EPOCH_SECONDS * 1000 + Math.floor(netns.world.scheduler.now / ms(1));
  icmp.type.set(bytes, start, ICMP_TIMESTAMP_REPLY);
  icmp.code.set(bytes, start, 0);
  icmpTimes.receive.set(bytes, start, now % DAY_MILLISECONDS);
  icmpTimes.transmit.set(bytes, start, now % DAY_MILLISECONDS);
  icmp.checksum.set(bytes, start, 0);
  icmp.checksum.set(bytes, start, checksum(bytes, start, packet.end));
  reply(netns, packet, source, destination);
}

/** Sends a question back as its answer, with the same TOS, from the address that was asked (icmp_reply). */
function reply(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
  const path = netns.findPath(source);
  if (typeof path === "string") {
    drop(netns, packet, "IP_OUTNOROUTES", "icmp");
    return;
  }
  recordDelivery(netns, packet, "icmp", "kernel");
  const own = netns.isLocal(destination) && !isGroupAddress(netns, destination);
  replyHeader.source = own ? destination : 0;
  replyHeader.ttl = netns.defaultTtl;
  replyHeader.tos = ipv4.tos.get(packet.bytes, packet.network);
  replyHeader.cause = packet.journey;
  packet.journey = 0;
  packet.branch = 0;
  packet.scrub();
  packet.inputIndex = 0;
  packet.type = "outgoing";
  netns.counters.icmp.sent(icmp.type.get(packet.bytes, packet.start));
  sendOwn(netns, packet, path, source, replyHeader);
}

function receiveReply(netns: Netns, packet: Packet, source: Ipv4, destination: Ipv4): void {
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
  if (type === ICMP_REDIRECT) {
    const device = netns.deviceByIndex(packet.inputIndex);
    const gateway = icmpRest.get(bytes, start);
    if (device !== undefined)
      followRedirect(netns, device, source, gateway, ipv4.destination.get(bytes, inner));
  }
  switch (ipv4.protocol.get(bytes, inner)) {
    case IPPROTO_UDP:
      netns.udp.error(bytes.slice(inner, packet.end), type, code, mtu, {
        source,
        ttl: ipv4.ttl.get(bytes, packet.network),
        elapsed: packet.elapsed + netns.world.costs.wakeUp,
      });
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

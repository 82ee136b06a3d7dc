import { IPV4_BROADCAST, type Ipv4, isMulticastIpv4 } from "../base/addresses.js";
import type { Errno } from "../base/errno.js";
import type { Device } from "../link/device.js";
import { isReply, RELATED, RELATED_REPLY } from "../netfilter/conntrack/connection.js";
import type { Path } from "../route/path.js";
import { newPathHeader, type PathHeader } from "../socket/path-output.js";
import { checksum } from "../wire/checksum.js";
import {
  ICMP_ECHO,
  ICMP_ECHO_REPLY,
  ICMP_LENGTH,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  ICMP_TIMESTAMP,
  ICMP_UNREACHABLE,
  icmp,
  icmpRest,
  UNREACHABLE_ADMIN_PROHIBITED,
  UNREACHABLE_FRAGMENTATION_NEEDED,
  UNREACHABLE_HOST,
  UNREACHABLE_NET,
} from "../wire/icmp.js";
import { IPPROTO_ICMP, IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { Netns } from "./netns.js";
import { sendVia } from "./transmit.js";

/** An ICMP error is at most this long with its IPv4 header (RFC 1812 §4.3.2.3). */
const MAX_ERROR_LENGTH = 576;
/** Precedence "internetwork control", which errors carry (RFC 1812 §4.3.2.5). */
const CONTROL_PRECEDENCE = 0xc0;

const header = newPathHeader(IPPROTO_ICMP);

/**
 * Tells the sender of `packet` (whose IPv4 header is at `packet.network`, and which stays the caller's) that it could not be handled: icmp_send. No error is
 * sent about errors, broadcasts, later fragments, and beyond the rate limits. `rest` is the second word: an MTU, or a gateway.
 */
export function sendIcmpError(netns: Netns, packet: Packet, type: number, code: number, rest: number): void {
  const { bytes, network } = packet;
  const sender = ipv4.source.get(bytes, network);
  if (netns.icmpLimits.sending || !mayComplainTo(packet, sender)) return;
  const path = netns.findPath(sender);
  if (typeof path === "string" || path.type === "broadcast" || path.type === "multicast") return;
  if (!netns.icmpLimits.allow(netns, type, code, path)) return;
  const destination = ipv4.destination.get(bytes, network);
  const room = Math.min(path.mtu, MAX_ERROR_LENGTH) - IPV4_LENGTH - ICMP_LENGTH;
  const quoted = Math.min(packet.end - network, room);
  const error = netns.world.packets.take(ICMP_LENGTH + quoted);
  const at = error.put(ICMP_LENGTH + quoted);
  icmp.type.set(error.bytes, at, type);
  icmp.code.set(error.bytes, at, code);
  icmp.checksum.set(error.bytes, at, 0);
  icmpRest.set(error.bytes, at, rest);
  error.bytes.set(bytes.subarray(network, network + quoted), at + ICMP_LENGTH);
  icmp.checksum.set(error.bytes, at, checksum(error.bytes, at, error.end));
  error.elapsed = packet.elapsed;
  attachConnection(error, packet);
  header.source = netns.isLocal(destination) ? destination : 0;
  header.ttl = netns.defaultTtl;
  header.tos = (ipv4.tos.get(bytes, network) & 0x1e) | CONTROL_PRECEDENCE;
  header.cause = packet.journey;
  netns.counters.icmp.sent(type);
  sendOwn(netns, error, path, sender, header);
}

/** Sends an ICMP message of the namespace's own. */
export function sendOwn(netns: Netns, packet: Packet, path: Path, to: Ipv4, header: PathHeader): void {
  netns.icmpLimits.sending = true;
  try {
    sendVia(netns, packet, path, to, header, "kernel");
  } finally {
    netns.icmpLimits.sending = false;
  }
}

/** What is sent about a packet belongs to its connection, the other way round, even before that is confirmed (nf_conntrack_attach). */
export function attachConnection(answer: Packet, packet: Packet): void {
  if (packet.connection === null) return;
  answer.connection = packet.connection;
  answer.connectionInfo = isReply(packet.connectionInfo) ? RELATED : RELATED_REPLY;
}

/** Queries and their answers: echo, timestamp, information, address mask. About all other ICMP nothing is said (icmp_pointers). */
function isAnswerable(type: number): boolean {
  return type === ICMP_ECHO_REPLY || type === ICMP_ECHO || (type >= ICMP_TIMESTAMP && type <= 18);
}

/** RFC 1122 §3.2.2: about which packets an error may be sent. */
function mayComplainTo(packet: Packet, sender: Ipv4): boolean {
  const { bytes, network } = packet;
  if (packet.type === "broadcast" || packet.type === "multicast") return false;
  if (sender === 0 || sender === IPV4_BROADCAST || isMulticastIpv4(sender)) return false;
  const destination = ipv4.destination.get(bytes, network);
  if (destination === IPV4_BROADCAST || isMulticastIpv4(destination)) return false;
  if (ipv4.fragmentOffset.get(bytes, network) !== 0) return false;
  if (ipv4.protocol.get(bytes, network) !== IPPROTO_ICMP) return true;
  const inner = network + ipv4HeaderLength(bytes, network);
  return inner < packet.end && isAnswerable(icmp.type.get(bytes, inner));
}

export function sendUnreachable(netns: Netns, packet: Packet, code: number): void {
  sendIcmpError(netns, packet, ICMP_UNREACHABLE, code, 0);
}

/** Code 0: the TTL ended in transit; 1: fragments did not come in time. */
export function sendTimeExceeded(netns: Netns, packet: Packet, code: 0 | 1): void {
  sendIcmpError(netns, packet, ICMP_TIME_EXCEEDED, code, 0);
}

/** "Fragmentation needed" with the MTU of the next link (RFC 1191). */
export function sendFragmentationNeeded(netns: Netns, packet: Packet, mtu: number): void {
  sendIcmpError(netns, packet, ICMP_UNREACHABLE, UNREACHABLE_FRAGMENTATION_NEEDED, mtu);
}

/** A packet that came in has no way on (ip_error): the sender is told only by machines that forward. */
export function sendUnroutable(netns: Netns, packet: Packet, device: Device, errno: Errno): void {
  netns.counters.ip.InAddrErrors++;
  if (!netns.sysctls.forwards(device.ifindex) || errno === "EINVAL") return;
  if (!netns.icmpLimits.allowUnroutable(netns, ipv4.source.get(packet.bytes, packet.network))) return;
  if (errno === "ENETUNREACH") sendUnreachable(netns, packet, UNREACHABLE_NET);
  else if (errno === "EHOSTUNREACH") sendUnreachable(netns, packet, UNREACHABLE_HOST);
  else if (errno === "EACCES") sendUnreachable(netns, packet, UNREACHABLE_ADMIN_PROHIBITED);
}

/** Tells a neighbour that a better gateway is on its own link (ip_rt_send_redirect): code 1, for the host. */
export function sendRedirect(netns: Netns, packet: Packet, device: Device, path: Path): void {
  if (!netns.sysctls.sendsRedirects(device.ifindex)) return;
  const sender = ipv4.source.get(packet.bytes, packet.network);
  const onLink = device.addresses.some(
    (at) => at.prefix === 0 || (at.address ^ sender) >>> (32 - at.prefix) === 0,
  );
  if (!onLink || !netns.icmpLimits.allowRedirect(netns, sender)) return;
  sendIcmpError(netns, packet, ICMP_REDIRECT, 1, path.nextHop);
}

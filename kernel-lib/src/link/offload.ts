import type { World } from "../trace/world.js";
import { addBytes, finish, pseudoHeaderSum } from "../wire/checksum.js";
import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import { fillIpv4Checksum, IPPROTO_TCP, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import { TCP_FIN, TCP_PSH, tcp, tcpHeaderLength } from "../wire/tcp.js";
import { UDP_LENGTH, udp } from "../wire/udp.js";
import { VXLAN_LENGTH } from "../wire/vxlan.js";

/** What an envelope of VXLAN puts between two IPv4 headers, the outer one left out. */
const TUNNEL_LENGTH = UDP_LENGTH + VXLAN_LENGTH + ETHERNET_LENGTH;

/** Where the IPv4 header is whose TCP payload is cut: the inner one of a packet in an envelope. */
function innerNetwork(packet: Packet, network: number): number {
  if (!packet.encapsulated) return network;
  return network + ipv4HeaderLength(packet.bytes, network) + TUNNEL_LENGTH;
}

/** Where the TCP payload of a super-packet begins; `transport` is its TCP header, or the UDP header of its envelope. */
function payloadOf(packet: Packet, transport: number): number {
  const { bytes } = packet;
  const inner = transport + TUNNEL_LENGTH;
  const at = packet.encapsulated ? inner + ipv4HeaderLength(bytes, inner) : transport;
  return at + tcpHeaderLength(bytes, at);
}

/** Length from the TCP header (of a packet in an envelope: from the outer UDP header) on of each segment but the last (skb_gso_transport_seglen). */
export function transportSegmentLength(packet: Packet, transport: number): number {
  return payloadOf(packet, transport) - transport + packet.gsoSize;
}

/** Length from the IPv4 header on of each segment but the last: what must fit an MTU (skb_gso_network_seglen). */
export function segmentLength(packet: Packet, network: number): number {
  const header = ipv4HeaderLength(packet.bytes, network);
  return header + transportSegmentLength(packet, network + header);
}

/** The number of segments in a packet; 1 for one that is not to be cut (gso_segs). `transport` as above. */
export function segmentCount(packet: Packet, transport: number): number {
  if (packet.gsoSize === 0) return 1;
  return Math.max(1, Math.ceil((packet.end - payloadOf(packet, transport)) / packet.gsoSize));
}

/**
 * Cuts a super-packet into TCP segments, each with the headers of the whole and right lengths, identifications and checksums
 * (tcp_gso_segment, inet_gso_segment, skb_udp_tunnel_segment). PSH and FIN stay with the last. The packet itself stays whole.
 */
export function segment(world: World, packet: Packet, network: number): Packet[] {
  const { bytes, start, end, gsoSize } = packet;
  const payload = payloadOf(packet, network + ipv4HeaderLength(bytes, network));
  const header = payload - start;
  const inner = innerNetwork(packet, network) - start;
  const pieces: Packet[] = [];
  for (let from = payload; from < end; from += gsoSize) {
    const length = Math.min(gsoSize, end - from);
    const piece = world.packets.take(header + length);
    const at = piece.put(header + length);
    piece.bytes.set(bytes.subarray(start, payload), at);
    piece.bytes.set(bytes.subarray(from, from + length), at + header);
    follow(piece, packet);
    piece.network = at + network - start;
    piece.transport = piece.network + ipv4HeaderLength(piece.bytes, piece.network);
    finishTcp(piece, at + inner, pieces.length, from - payload, from + length === end);
    if (packet.encapsulated) finishEnvelope(piece, piece.network, pieces.length);
    if (pieces.length > 0) piece.branch = world.nextBranch();
    pieces.push(piece);
  }
  return pieces;
}

/** A piece goes on as what it was cut from. */
function follow(piece: Packet, whole: Packet): void {
  piece.type = whole.type;
  piece.mark = whole.mark;
  piece.nfTrace = whole.nfTrace;
  piece.owned = whole.owned;
  piece.elapsed = whole.elapsed;
  piece.journey = whole.journey;
  piece.branch = whole.branch;
  piece.inputIndex = whole.inputIndex;
  piece.bridgeInput = whole.bridgeInput;
  piece.bridgeOutput = whole.bridgeOutput;
  piece.connection = whole.connection;
  piece.connectionInfo = whole.connectionInfo;
  piece.encapsulated = whole.encapsulated;
  piece.routed = whole.routed;
}

/** IPv4 header and TCP header of the `index`-th segment, which begins `offset` bytes into the payload. */
function finishTcp(piece: Packet, at: number, index: number, offset: number, last: boolean): void {
  const { bytes, end } = piece;
  ipv4.totalLength.set(bytes, at, end - at);
  ipv4.id.set(bytes, at, (ipv4.id.get(bytes, at) + index) & 0xffff);
  fillIpv4Checksum(bytes, at);
  const segmentAt = at + ipv4HeaderLength(bytes, at);
  tcp.sequence.set(bytes, segmentAt, (tcp.sequence.get(bytes, segmentAt) + offset) >>> 0);
  if (!last) tcp.flags.set(bytes, segmentAt, tcp.flags.get(bytes, segmentAt) & ~(TCP_PSH | TCP_FIN));
  tcp.checksum.set(bytes, segmentAt, 0);
  const pseudo = pseudoHeaderSum(
    ipv4.source.get(bytes, at),
    ipv4.destination.get(bytes, at),
    IPPROTO_TCP,
    end - segmentAt,
  );
  tcp.checksum.set(bytes, segmentAt, finish(addBytes(pseudo, bytes, segmentAt, end)));
}

/** The outer IPv4 and UDP headers of the `index`-th segment. */
function finishEnvelope(piece: Packet, at: number, index: number): void {
  const { bytes, end } = piece;
  ipv4.totalLength.set(bytes, at, end - at);
  ipv4.id.set(bytes, at, (ipv4.id.get(bytes, at) + index) & 0xffff);
  fillIpv4Checksum(bytes, at);
  const datagram = at + ipv4HeaderLength(bytes, at);
  udp.length.set(bytes, datagram, end - datagram);
  if (udp.checksum.get(bytes, datagram) === 0) return;
  udp.checksum.set(bytes, datagram, 0);
  const protocol = ipv4.protocol.get(bytes, at);
  const pseudo = pseudoHeaderSum(
    ipv4.source.get(bytes, at),
    ipv4.destination.get(bytes, at),
    protocol,
    end - datagram,
  );
  const sum = finish(addBytes(pseudo, bytes, datagram, end));
  udp.checksum.set(bytes, datagram, sum === 0 ? 0xffff : sum);
}

import { KernelError } from "../../base/errno.js";
import { addBytes, finish, pseudoHeaderSum } from "../../wire/checksum.js";
import { IPPROTO_TCP } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { TCP_ACK, TCP_FIN, TCP_LENGTH, TCP_PSH, TCP_RST, TCP_SYN, tcp } from "../../wire/tcp.js";
import { tcpOptionsLength, writeTcpOptions } from "../../wire/tcp-options.js";
import type { Connection } from "./connection.js";
import type { Position } from "./position.js";
import { ReceiveWindow } from "./receive-window.js";

/** Sends the SYN, or the SYN-ACK when `flags` has ACK. Sizes and options as Linux chooses them. Throws what the network layer throws. */
export function sendSyn(connection: Connection): void {
  const { settings } = connection;
  const { outgoing } = connection.sockets;
  const answer = connection.state === "SYN_RECV";
  outgoing.clear();
  outgoing.mss = connection.announcedMss;
  outgoing.sackPermitted = connection.sackAllowed;
  fillTimestamps(connection);
  const scales = answer ? connection.window.scale > 0 : settings.windowScaling;
  if (scales) outgoing.windowScale = ReceiveWindow.scaleFor(settings.receiveBufferMax);
  const { initial } = connection;
  connection.nxt = Math.max(connection.nxt, initial + 1);
  connection.window.offeredAt = connection.queue.next;
  const window = Math.min(65535, connection.window.offered);
  const { statistics } = connection.sockets;
  if (connection.retries > 0) statistics.RetransSegs++;
  if (connection.retries === 0 || answer) statistics.OutSegs++;
  emit(connection, answer ? TCP_SYN | TCP_ACK : TCP_SYN, initial, 0, window, answer ? 0 : nextId(connection));
}

/** Acknowledges now. */
export function sendAck(connection: Connection): void {
  connection.sockets.statistics.OutSegs++;
  beginOptions(connection);
  quietly(connection, TCP_ACK, connection.nxt, 0);
}

/** A bare acknowledgement with an old sequence number, which the peer must answer (tcp_xmit_probe_skb). */
export function sendProbe(connection: Connection): void {
  connection.sockets.statistics.OutSegs++;
  beginOptions(connection);
  quietly(connection, TCP_ACK, connection.una - 1, 0);
}

/** Resets the connection (tcp_send_active_reset). */
export function sendReset(connection: Connection): void {
  beginOptions(connection);
  connection.sockets.statistics.OutSegs++;
  connection.sockets.statistics.OutRsts++;
  quietly(connection, TCP_RST | TCP_ACK, connection.nxt, 0);
}

/** Sends the bytes from `from` up to `to`, which may be one past the last byte: then the FIN goes with them. */
export function sendRange(connection: Connection, from: Position, to: Position): void {
  const dataEnd = Math.min(to, connection.writeEnd);
  const length = dataEnd - from;
  let flags = TCP_ACK;
  if (to > connection.writeEnd) flags |= TCP_FIN;
  const forced = dataEnd - connection.pushed > connection.peerWindowMax / 2;
  if (length > 0 && (dataEnd === connection.writeEnd || forced)) {
    flags |= TCP_PSH;
    connection.pushed = Math.max(connection.pushed, dataEnd);
  }
  const fresh = to > connection.nxt;
  const { statistics } = connection.sockets;
  const segments = length > connection.mss ? Math.ceil(length / connection.mss) : 1;
  if (fresh) statistics.OutSegs += segments;
  else statistics.RetransSegs += segments;
  if (fresh) {
    connection.nxt = to;
    connection.scoreboard.sent(from, to, connection.mss, connection.now);
  }
  if (fresh && connection.timedEnd < 0) {
    connection.timedEnd = to;
    connection.timedAt = connection.now;
  } else if (!fresh && from < connection.timedEnd) {
    connection.timedEnd = -1;
  }
  if (length > connection.mss) connection.superPackets.sent(dataEnd, connection.una, connection.now);
  if (length > 0) connection.acks.answered(connection.now);
  beginOptions(connection, length);
  quietly(connection, flags, from, length);
}

/** Options of a segment of `length` bytes. Divergence: SACK blocks go with data only where they fit; Linux makes the segment shorter for them (tcp_current_mss). */
function beginOptions(connection: Connection, length = 0): void {
  const { outgoing } = connection.sockets;
  outgoing.clear();
  fillTimestamps(connection);
  if (!connection.sackAllowed || !connection.queue.wantsSack) return;
  const most = connection.timestamps ? 3 : 4;
  // Blocks have 8 bytes each, behind 4 bytes of heading and filling.
  const fitting = length === 0 ? most : Math.floor((connection.mss - length - 4) / 8);
  if (fitting > 0) connection.queue.fillSack(outgoing, Math.min(most, fitting));
}

function fillTimestamps(connection: Connection): void {
  if (!connection.timestamps) return;
  const { outgoing } = connection.sockets;
  outgoing.hasTimestamps = true;
  outgoing.timestamp = connection.timestampNow;
  outgoing.timestampEcho = connection.recentTimestamp;
}

/** The identification of a packet; each segment that it is to be cut into has one of its own. */
function nextId(connection: Connection, length = 0): number {
  const id = connection.identification;
  const segments = length > connection.mss ? Math.ceil(length / connection.mss) : 1;
  connection.identification = (id + segments) & 0xffff;
  return id;
}

/** Sends with a fresh window. A refusal of the network layer is a lost packet: the timers repair it (tcp_transmit_skb's callers). */
function quietly(connection: Connection, flags: number, from: Position, length: number): void {
  const { acks, queue, window } = connection;
  const field = flags & TCP_RST ? 0 : window.select(queue.next, queue.readable, acks.segment);
  acks.sent();
  connection.ackTimer.stop();
  try {
    emit(connection, flags, from, length, field, nextId(connection, length));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    connection.softError = error.errno;
  }
}

function emit(
  connection: Connection,
  flags: number,
  from: Position,
  length: number,
  window: number,
  id: number,
): void {
  const { sockets, local, remote, header, queue } = connection;
  const { outgoing } = sockets;
  const headerLength = TCP_LENGTH + tcpOptionsLength(outgoing);
  const packet = sockets.output.world.packets.take(headerLength + length);
  const at = packet.put(headerLength + length);
  const { bytes } = packet;
  writeHeader(
    bytes,
    at,
    local.port,
    remote.port,
    from,
    flags & TCP_ACK ? queue.next : 0,
    headerLength,
    flags,
    window,
  );
  writeTcpOptions(bytes, at + TCP_LENGTH, outgoing);
  if (length > 0) connection.sending.read(from, bytes, at + headerLength, length);
  packet.transport = at;
  if (length > connection.mss) packet.gsoSize = connection.mss;
  fillChecksum(packet, local.address, remote.address);
  header.id = id;
  header.cause = sockets.cause;
  header.confirm = connection.progressed;
  connection.progressed = false;
  sockets.output.send(packet, header);
}

function writeHeader(
  bytes: Uint8Array,
  at: number,
  sourcePort: number,
  destinationPort: number,
  sequence: number,
  acknowledgement: number,
  headerLength: number,
  flags: number,
  window: number,
): void {
  tcp.sourcePort.set(bytes, at, sourcePort);
  tcp.destinationPort.set(bytes, at, destinationPort);
  tcp.sequence.set(bytes, at, sequence >>> 0);
  tcp.acknowledgement.set(bytes, at, acknowledgement >>> 0);
  bytes[at + 12] = (headerLength / 4) << 4;
  tcp.flags.set(bytes, at, flags);
  tcp.window.set(bytes, at, window);
  tcp.checksum.set(bytes, at, 0);
  tcp.urgent.set(bytes, at, 0);
}

function fillChecksum(packet: Packet, source: number, destination: number): void {
  const { bytes, transport, end } = packet;
  const pseudo = pseudoHeaderSum(source, destination, IPPROTO_TCP, end - transport);
  tcp.checksum.set(bytes, transport, finish(addBytes(pseudo, bytes, transport, end)));
  packet.checked = transport;
}

/** A segment without a connection: the reset for a port that nobody listens on (tcp_v4_send_reset). No options, identification 0. */
export function writeBareReset(
  packet: Packet,
  source: number,
  destination: number,
  sourcePort: number,
  destinationPort: number,
  sequence: number,
  acknowledgement: number | null,
): void {
  const at = packet.put(TCP_LENGTH);
  const flags = acknowledgement === null ? TCP_RST : TCP_RST | TCP_ACK;
  writeHeader(
    packet.bytes,
    at,
    sourcePort,
    destinationPort,
    sequence,
    acknowledgement ?? 0,
    TCP_LENGTH,
    flags,
    0,
  );
  packet.transport = at;
  fillChecksum(packet, source, destination);
}

import { seconds } from "../../base/units.js";
import type { DropReason } from "../../trace/drop-reason.js";
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../../wire/tcp.js";
import { AckPolicy } from "./ack-policy.js";
import { acknowledge } from "./acknowledge.js";
import { type Connection, DEFAULT_MSS, TIMESTAMPS_LENGTH } from "./connection.js";
import { sendAck, sendSyn } from "./output.js";
import { type Position, positionNear } from "./position.js";
import { awaitPeerFin, enterTimeWait, receiveData } from "./receive-data.js";
import { ReceiveQueue } from "./receive-queue.js";
import { ReceiveWindow } from "./receive-window.js";
import type { Segment } from "./segment.js";
import { afterHandshake, TIME_WAIT_LENGTH } from "./timers.js";
import { transmit } from "./transmit.js";

/** At most one challenge acknowledgement of a connection in this time (tcp_invalid_ratelimit, 500 ms). */
const CHALLENGE_PAUSE = seconds(0.5);

/** A segment for a connection (tcp_v4_do_rcv). Returns why it was dropped, or null when it was taken. */
export function receiveSegment(connection: Connection, segment: Segment): DropReason | null {
  switch (connection.state) {
    case "CLOSED":
    case "LISTEN":
      return "TCP_CLOSE";
    case "SYN_SENT":
      return inSynSent(connection, segment);
    case "TIME_WAIT":
      return inTimeWait(connection, segment);
    default:
      return inConnection(connection, segment);
  }
}

/** Options of the peer's SYN: both sides must have offered what is used (RFC 7323 §2.2, §3.2). */
export function takeSynOptions(connection: Connection, segment: Segment): void {
  const { options } = segment;
  connection.peerMss = options.mss > 0 ? Math.max(48, options.mss) : DEFAULT_MSS;
  if (connection.options.maximumSegment > 0)
    connection.peerMss = Math.min(connection.peerMss, connection.options.maximumSegment);
  connection.sackAllowed = connection.sackAllowed && options.sackPermitted;
  connection.timestamps = connection.timestamps && options.hasTimestamps;
  const scaled = connection.settings.windowScaling && options.windowScale >= 0;
  connection.peerScale = scaled ? options.windowScale : 0;
  connection.window.scale = scaled ? ReceiveWindow.scaleFor(connection.settings.receiveBufferMax) : 0;
  if (connection.timestamps) {
    connection.advertisedMss = connection.announcedMss - TIMESTAMPS_LENGTH;
    connection.recentTimestamp = options.timestamp;
  }
  const start = segment.sequence + 1;
  connection.queue = new ReceiveQueue(start);
  connection.window.offeredAt = start;
  connection.peerWindow = segment.window;
  connection.peerWindowMax = segment.window;
  connection.peerWindowSequence = segment.sequence;
  connection.fitMss();
  connection.acks = new AckPolicy(Math.min(connection.mss, connection.advertisedMss), connection.now);
}

function inSynSent(connection: Connection, segment: Segment): DropReason | null {
  const { flags } = segment;
  const ack = positionNear(connection.una, segment.acknowledgement);
  const acceptable = ack > connection.una && ack <= connection.nxt;
  if (flags & TCP_ACK && !acceptable) {
    if (!(flags & TCP_RST)) connection.sockets.refuse(segment);
    return "TCP_INVALID_SEQUENCE";
  }
  if (flags & TCP_RST) {
    if (flags & TCP_ACK) connection.finish("ECONNREFUSED");
    return "TCP_RESET";
  }
  if (!(flags & TCP_SYN)) return "TCP_INVALID_SEQUENCE";
  takeSynOptions(connection, segment);
  if (!(flags & TCP_ACK)) {
    connection.state = "SYN_RECV";
    sendSyn(connection);
    return null;
  }
  if (connection.retries === 0 && connection.timedEnd >= 0)
    connection.rtt.sample(connection.now - connection.timedAt);
  connection.timedEnd = -1;
  connection.una = ack;
  establish(connection);
  sendAck(connection);
  transmit(connection);
  return null;
}

function establish(connection: Connection): void {
  connection.state = "ESTABLISHED";
  connection.window.established(connection.now, connection.queue.read, connection.advertisedMss);
  afterHandshake(connection);
  connection.wake();
}

function inTimeWait(connection: Connection, segment: Segment): DropReason | null {
  const { flags } = segment;
  const sequence = positionNear(connection.queue.next, segment.sequence);
  if (flags & TCP_RST) {
    if (sequence === connection.queue.next) connection.finish(null);
    return "TCP_RESET";
  }
  if (flags & TCP_SYN && !(flags & TCP_ACK) && sequence > connection.queue.next) {
    connection.finish(null);
    connection.sockets.dispatch(segment);
    return null;
  }
  if (flags & TCP_FIN) connection.stateTimer.set(TIME_WAIT_LENGTH);
  if (segment.span > 0) sendAck(connection);
  return null;
}

function inConnection(connection: Connection, segment: Segment): DropReason | null {
  const sequence = positionNear(connection.queue.next, segment.sequence);
  const refused = validate(connection, segment, sequence);
  if (refused !== null) return refused;
  if (segment.options.hasTimestamps && connection.timestamps && sequence <= connection.window.offeredAt) {
    connection.recentTimestamp = segment.options.timestamp;
  }
  if (connection.state === "SYN_RECV" && !completeHandshake(connection, segment))
    return "TCP_INVALID_SEQUENCE";
  if (!acknowledge(connection, segment, sequence)) {
    challenge(connection);
    return "TCP_INVALID_SEQUENCE";
  }
  afterAck(connection);
  if (connection.isClosed()) return null;
  receiveData(connection, segment, sequence);
  if (connection.isClosed()) return "TCP_CLOSE";
  transmit(connection);
  return null;
}

/** The checks of RFC 9293 §3.10.7.4 in Linux's order (tcp_validate_incoming): PAWS, sequence, RST, SYN, ACK. */
function validate(connection: Connection, segment: Segment, sequence: Position): DropReason | null {
  const { flags, options } = segment;
  const { queue, window } = connection;
  const old =
    connection.timestamps &&
    options.hasTimestamps &&
    ((options.timestamp - connection.recentTimestamp) | 0) < 0;
  if (old && !(flags & TCP_RST)) {
    reacknowledge(connection, segment, sequence);
    return "TCP_INVALID_SEQUENCE";
  }
  const end = sequence + segment.span;
  if (end < window.offeredAt || sequence > queue.next + window.left(queue.next)) {
    if (!(flags & TCP_RST)) reacknowledge(connection, segment, sequence);
    return "TCP_INVALID_SEQUENCE";
  }
  if (flags & TCP_RST) {
    if (sequence === queue.next) reset(connection);
    else challenge(connection);
    return "TCP_RESET";
  }
  if (flags & TCP_SYN) {
    if (connection.state === "SYN_RECV" && sequence + 1 === queue.next && !(flags & TCP_ACK))
      resendSynAck(connection);
    else challenge(connection);
    return "TCP_INVALID_SEQUENCE";
  }
  return flags & TCP_ACK ? null : "TCP_INVALID_SEQUENCE";
}

/**
 * An unacceptable segment is answered with what we expect; a repeated one also with a D-SACK. Segments without data are answered
 * seldom (tcp_oow_rate_limited), so that two ends that disagree do not answer each other for ever.
 */
function reacknowledge(connection: Connection, segment: Segment, sequence: Position): void {
  if (connection.state === "SYN_RECV") {
    if (segment.flags & TCP_SYN) resendSynAck(connection);
    return;
  }
  if (segment.length === 0 && !(segment.flags & TCP_FIN)) {
    challenge(connection);
    return;
  }
  const end = sequence + segment.length;
  if (sequence < connection.queue.next) {
    if (end > sequence) connection.queue.noteDuplicate(sequence, Math.min(end, connection.queue.next));
    connection.acks.hurry(connection.window.offered);
  }
  sendAck(connection);
}

function resendSynAck(connection: Connection): void {
  connection.sockets.attempt(() => sendSyn(connection));
}

/** A reset or SYN that may be forged: ask the peer to confirm (RFC 5961 §3, §4). */
function challenge(connection: Connection): void {
  if (connection.now - connection.challengedAt < CHALLENGE_PAUSE) return;
  connection.challengedAt = connection.now;
  sendAck(connection);
}

function reset(connection: Connection): void {
  if (connection.state === "SYN_RECV" && connection.listener === null) connection.finish("ECONNREFUSED");
  else connection.finish(connection.state === "CLOSE_WAIT" ? "EPIPE" : "ECONNRESET");
}

/** The third segment of the handshake. False while the program's accept queue is full: the peer will try again. */
function completeHandshake(connection: Connection, segment: Segment): boolean {
  const ack = positionNear(connection.una, segment.acknowledgement);
  if (ack <= connection.una || ack > connection.nxt) {
    connection.sockets.refuse(segment);
    return false;
  }
  if (connection.listener?.full) return false;
  if (connection.retries === 0 && connection.timedEnd >= 0)
    connection.rtt.sample(connection.now - connection.timedAt);
  connection.timedEnd = -1;
  connection.una = connection.initial + 1;
  connection.peerWindow = segment.window * 2 ** connection.peerScale;
  connection.peerWindowMax = Math.max(connection.peerWindowMax, connection.peerWindow);
  if (connection.listener !== null) connection.sockets.statistics.PassiveOpens++;
  establish(connection);
  connection.listener?.complete(connection);
  return true;
}

/** Our FIN may have been acknowledged. */
function afterAck(connection: Connection): void {
  if (!connection.finSent || connection.una <= connection.writeEnd) return;
  switch (connection.state) {
    case "FIN_WAIT1":
      connection.state = "FIN_WAIT2";
      if (connection.orphan) awaitPeerFin(connection);
      return;
    case "CLOSING":
      enterTimeWait(connection);
      return;
    case "LAST_ACK":
      connection.finish(null);
      return;
    default:
  }
}

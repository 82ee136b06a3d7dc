import type { Connection } from "./connection.js";
import { sendRange } from "./output.js";
import type { Position } from "./position.js";
import type { Sent } from "./scoreboard.js";
import { defers, makesSuperPackets, mostSegments } from "./super-packet.js";
import { scheduleProbe, scheduleTimeout } from "./tail-probe.js";
import { setProbe } from "./window-probe.js";

/** True in the states in which our data and FIN may travel. */
function maySend(connection: Connection): boolean {
  switch (connection.state) {
    case "ESTABLISHED":
    case "CLOSE_WAIT":
    case "FIN_WAIT1":
    case "CLOSING":
    case "LAST_ACK":
      return true;
    default:
      return false;
  }
}

/**
 * Sends what may be sent now (tcp_write_xmit): lost segments first, then new ones, as far as the congestion window, the peer's
 * window and Nagle's rule let it. Starts the timer that fits. True when something left.
 */
export function transmit(connection: Connection): boolean {
  if (!maySend(connection)) return false;
  // Another connection may have learned meanwhile what the way takes (tcp_current_mss).
  if (connection.sendEnd > connection.una) connection.fitMss();
  const idle = connection.nxt === connection.una;
  let sent = false;
  while (connection.inFlight < connection.congestion.window) {
    if (!sendHole(connection, Number.POSITIVE_INFINITY) && !sendNew(connection)) break;
    sent = true;
  }
  if (connection.nxt > connection.una) {
    const { retransmitTimer } = connection;
    if ((sent && (idle || connection.timerFor === "tail")) || !retransmitTimer.running)
      scheduleTimeout(connection);
    if (sent) scheduleProbe(connection, false);
  } else if (connection.sendEnd > connection.nxt && !connection.retransmitTimer.running) {
    setProbe(connection);
  }
  return sent;
}

/** Sends the next lost packet again: one segment of it, or as much as may leave at once (`most`). */
export function sendHole(connection: Connection, most = 1): boolean {
  const packet = connection.scoreboard.hole;
  if (packet === undefined) return false;
  sendAgain(connection, packet, most);
  return true;
}

/** Sends a packet again: its first segment, or `most` of them where the way takes packets of several. */
export function sendAgain(connection: Connection, packet: Sent, most = 1): void {
  const { scoreboard, mss, now } = connection;
  const { start, end } = packet;
  const several = most > 1 && end - start > mss && makesSuperPackets(connection);
  const to = segmentEnd(connection, start, end, several ? mss * mostSegments(connection) : mss);
  scoreboard.repeat(packet, to, now);
  sendRange(connection, start, to);
  connection.retransmitted += Math.ceil((to - start) / mss);
}

/** Sends what is new, when the peer's window and Nagle's rule allow it: a segment, or a packet of several where the way takes them. */
export function sendNew(connection: Connection): boolean {
  const { nxt, mss } = connection;
  const end = connection.sendEnd;
  if (nxt >= end) return false;
  const windowEnd = connection.una + connection.peerWindow;
  if (connection.writeEnd - nxt > mss && windowEnd - nxt >= mss && makesSuperPackets(connection))
    return sendSuperPacket(connection, windowEnd - nxt);
  let to = segmentEnd(connection, nxt, end, mss);
  const length = Math.min(to, connection.writeEnd) - nxt;
  if (length > 0) {
    if (nxt >= windowEnd) return false;
    if (nxt + length > windowEnd) {
      to = windowEnd;
      if (to - nxt < Math.min(mss, connection.peerWindowMax / 2) && nxt > connection.una) return false;
    } else if (holdsBack(connection, length)) {
      return false;
    }
    if (length < mss) connection.smallEnd = Math.min(to, connection.writeEnd);
  }
  sendRange(connection, nxt, to);
  return true;
}

/** Sends several segments in one packet (tcp_mss_split_point); the last may be small when Nagle's rule allows it. */
function sendSuperPacket(connection: Connection, windowLeft: number): boolean {
  const { nxt, mss, writeEnd } = connection;
  if (defers(connection, writeEnd - nxt, windowLeft)) return false;
  let length = Math.min(writeEnd - nxt, windowLeft, mostSegments(connection) * mss);
  const partial = length % mss;
  if (partial > 0 && holdsBack(connection, partial)) length -= partial;
  else if (partial > 0) connection.smallEnd = nxt + length;
  sendRange(connection, nxt, segmentEnd(connection, nxt, connection.sendEnd, length));
  return true;
}

/** The end of a packet from `at`: at most `length` bytes, and the FIN with the last of them. */
function segmentEnd(connection: Connection, at: Position, limit: Position, length: number): Position {
  const to = Math.min(limit, at + length);
  return to === connection.writeEnd && limit > to ? to + 1 : to;
}

/** Nagle's rule as Minshall changed it: a small segment waits while an earlier small one is on its way (tcp_nagle_check). */
function holdsBack(connection: Connection, length: number): boolean {
  if (length >= connection.mss || connection.options.noDelay || connection.finQueued) return false;
  return connection.nxt > connection.una && connection.smallEnd > connection.una;
}

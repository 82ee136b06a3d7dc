import { ms } from "../../base/units.js";
import type { Connection } from "./connection.js";
import { type Position, positionNear } from "./position.js";
import { RTO_MAX } from "./rtt.js";
import type { Segment } from "./segment.js";

/**
 * Takes a segment's acknowledgement in (tcp_ack): window, SACK, round-trip time, congestion window, loss detection. The caller sends
 * what has become possible. False when it acknowledges what was never sent.
 */
export function acknowledge(connection: Connection, segment: Segment, sequence: Position): boolean {
  const ack = positionNear(connection.una, segment.acknowledgement);
  if (ack > connection.nxt) return false;
  const before = connection.scoreboard.sacked.total;
  const reported = connection.sackAllowed && takeSack(connection, segment);
  if (ack < connection.una) return true;
  const windowMoved = takeWindow(connection, segment, sequence, ack);
  connection.probes = 0;
  if (ack > connection.una) advance(connection, segment, ack);
  else if (connection.nxt > connection.una && segment.length === 0 && !windowMoved) {
    noteDuplicate(connection, reported && connection.scoreboard.sacked.total > before);
  }
  detectLoss(connection);
  if (
    connection.una === connection.nxt &&
    connection.peerWindow === 0 &&
    connection.writeEnd > connection.nxt
  ) {
    connection.retransmitTimer.set(Math.min(RTO_MAX, connection.rtt.timeout));
  }
  return true;
}

/** The peer's window, when the segment is not older than the one that set it last (RFC 9293 §3.10.7.4). */
function takeWindow(connection: Connection, segment: Segment, sequence: Position, ack: Position): boolean {
  const window = segment.window * 2 ** connection.peerScale;
  const newer =
    ack > connection.una ||
    sequence > connection.peerWindowSequence ||
    (sequence === connection.peerWindowSequence && window > connection.peerWindow);
  if (!newer) return false;
  const moved = window !== connection.peerWindow;
  connection.peerWindowSequence = sequence;
  connection.peerWindow = window;
  if (window > connection.peerWindowMax) connection.peerWindowMax = window;
  return moved;
}

/** Notes the ranges that the peer reports. Ranges that cannot be are left out; those below `una` are D-SACK. */
function takeSack(connection: Connection, segment: Segment): boolean {
  const { options } = segment;
  const { una, nxt, scoreboard } = connection;
  let any = false;
  for (let i = 0; i < options.sackCount; i++) {
    const start = positionNear(una, options.sackStarts[i]!);
    const end = positionNear(una, options.sackEnds[i]!);
    if (start >= end || start < una || end > nxt) continue;
    scoreboard.sacked.add(start, end);
    any = true;
  }
  return any;
}

function advance(connection: Connection, segment: Segment, ack: Position): void {
  const { scoreboard, congestion, rtt } = connection;
  const limited = connection.nxt - connection.una + connection.mss > congestion.window / 2;
  const bytes = ack - connection.una;
  sampleRoundTrip(connection, segment, ack);
  connection.una = ack;
  connection.sending.advance(Math.min(ack, connection.writeEnd));
  scoreboard.sacked.dropBelow(ack);
  connection.retries = 0;
  connection.progressed = true;
  connection.softError = null;
  rtt.restore();
  if (scoreboard.repair === null) {
    scoreboard.duplicates = 0;
    congestion.acknowledged(bytes, limited);
  } else {
    repairOn(connection, ack, bytes);
  }
  if (connection.una === connection.nxt) connection.retransmitTimer.stop();
  else connection.retransmitTimer.set(rtt.timeout);
  connection.wakeWriter();
}

/** An acknowledgement while a loss is repaired: the end of it, or the next hole. */
function repairOn(connection: Connection, ack: Position, bytes: number): void {
  const { scoreboard, congestion } = connection;
  if (ack >= scoreboard.end) {
    if (scoreboard.repair === "recovery")
      congestion.window = Math.max(congestion.threshold, 2 * connection.mss);
    scoreboard.leaveRepair();
    return;
  }
  if (scoreboard.repair === "loss") congestion.acknowledged(bytes, true);
  if (connection.sackAllowed) return;
  scoreboard.duplicates = 0;
  scoreboard.partial(ack, connection.mss);
}

function sampleRoundTrip(connection: Connection, segment: Segment, ack: Position): void {
  const { rtt, now } = connection;
  if (connection.timedEnd >= 0 && ack >= connection.timedEnd) {
    rtt.sample(now - connection.timedAt);
    connection.timedEnd = -1;
  } else if (connection.retries > 0 && connection.timestamps && segment.options.timestampEcho !== 0) {
    const elapsed = (connection.timestampNow - segment.options.timestampEcho) | 0;
    if (elapsed >= 0) rtt.sample(ms(Math.max(1, elapsed)));
  }
}

/** With SACK only an acknowledgement that reports something new counts (RFC 6675 §2). */
function noteDuplicate(connection: Connection, reportsNew: boolean): void {
  if (connection.sackAllowed && !reportsNew) return;
  connection.scoreboard.duplicates++;
}

function detectLoss(connection: Connection): void {
  const { scoreboard, congestion, una, nxt, mss } = connection;
  if (una === nxt) return;
  if (scoreboard.repair !== null) {
    if (scoreboard.repair === "recovery") scoreboard.raiseLost(mss);
    return;
  }
  if (scoreboard.duplicates < 3 && scoreboard.sacked.total <= 2 * mss) return;
  congestion.lost(nxt - una);
  scoreboard.enterRecovery(una, nxt, mss);
}

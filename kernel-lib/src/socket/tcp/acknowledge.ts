import { ms } from "../../base/units.js";
import type { Connection } from "./connection.js";
import { detectLoss } from "./loss-detection.js";
import { type Position, positionNear } from "./position.js";
import type { Segment } from "./segment.js";
import { judgeProbe, scheduleProbe, scheduleTimeout } from "./tail-probe.js";
import { setProbe } from "./window-probe.js";

/**
 * Takes a segment's acknowledgement in (tcp_ack): window, SACK, round-trip time, congestion window, loss detection. The caller sends
 * what has become possible. False when it acknowledges what was never sent.
 */
export function acknowledge(connection: Connection, segment: Segment, sequence: Position): boolean {
  const ack = positionNear(connection.una, segment.acknowledgement);
  if (ack > connection.nxt) return false;
  const reported = connection.sackAllowed && takeSack(connection, segment);
  if (ack < connection.una) return true;
  const windowMoved = takeWindow(connection, segment, sequence, ack);
  connection.probes = 0;
  const advanced = ack > connection.una;
  const duplicate = !advanced && connection.nxt > connection.una && segment.length === 0 && !windowMoved;
  if (advanced) advance(connection, segment, ack);
  else if (duplicate && !connection.sackAllowed) connection.scoreboard.duplicates++;
  judgeProbe(connection, ack, !advanced && segment.length === 0 && !windowMoved && !reported);
  if (detectLoss(connection)) return true;
  if (advanced) rearm(connection);
  if (connection.peerWindow > 0) connection.probeBackoff = 0;
  else if (connection.una === connection.nxt && connection.writeEnd > connection.nxt) setProbe(connection);
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

/** Notes the ranges that the peer reports; true when one is new. Ranges that cannot be are left out; those below `una` are D-SACK. */
function takeSack(connection: Connection, segment: Segment): boolean {
  const { options } = segment;
  const { una, nxt, scoreboard, tail, now, rtt } = connection;
  let any = false;
  for (let i = 0; i < options.sackCount; i++) {
    const start = positionNear(una, options.sackStarts[i]!);
    const end = positionNear(una, options.sackEnds[i]!);
    if (end <= una && end === tail.end) tail.doubled = true;
    if (start >= end || start < una || end > nxt) continue;
    if (scoreboard.report(start, end, now, rtt.least)) any = true;
  }
  return any;
}

function advance(connection: Connection, segment: Segment, ack: Position): void {
  const { scoreboard, congestion, rtt } = connection;
  const limited = (scoreboard.segments + 1) * connection.mss > congestion.window / 2;
  sampleRoundTrip(connection, segment, ack);
  connection.una = ack;
  connection.sending.advance(Math.min(ack, connection.writeEnd));
  const bytes = scoreboard.acknowledged(ack, connection.now, rtt.least) * connection.mss;
  connection.retries = 0;
  connection.progressed = true;
  connection.softError = null;
  rtt.restore();
  if (scoreboard.repair === null) {
    scoreboard.duplicates = 0;
    congestion.acknowledged(bytes, limited, connection.now, rtt.least);
  } else {
    repairOn(connection, ack, bytes);
  }
  connection.wakeWriter();
}

/** Something was acknowledged: the timer starts again for what is still in flight (tcp_set_xmit_timer). */
function rearm(connection: Connection): void {
  if (connection.una !== connection.nxt) {
    if (!scheduleProbe(connection, true)) scheduleTimeout(connection);
    return;
  }
  connection.retransmitTimer.stop();
  connection.timerFor = "timeout";
}

/** An acknowledgement while a loss is repaired: the end of it, or the next hole. */
function repairOn(connection: Connection, ack: Position, bytes: number): void {
  const { scoreboard, congestion, rtt } = connection;
  if (ack >= scoreboard.end) {
    if (scoreboard.repair === "recovery")
      congestion.window = Math.max(congestion.threshold, 2 * connection.mss);
    scoreboard.leaveRepair();
    return;
  }
  if (scoreboard.repair === "loss") congestion.acknowledged(bytes, true, connection.now, rtt.least);
  if (connection.sackAllowed) return;
  scoreboard.duplicates = 0;
  scoreboard.loseFirst(connection.mss);
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

import { ms, type Nanoseconds } from "../../base/units.js";
import type { Connection } from "./connection.js";
import type { Position } from "./position.js";
import { RTO_MIN } from "./rtt.js";

/** Shortest time of the timers that are not the retransmission timeout (TCP_TIMEOUT_MIN: two ticks of Debian's 250 a second). */
const TICKS = ms(8);

/**
 * The probe of a lost tail (TLP, RFC 8985 §7): when the last packets of a burst are lost nothing that follows can report them, so after two round trips
 * the sender sends something, and the answer tells what is missing.
 */
export class TailProbe {
  /** What the peer had to acknowledge when a probe left; -1 while none is out. */
  end: Position = -1;
  /** The probe was the last segment again, not a new one. */
  repeated = false;
  /** The peer has said that it has got that segment twice (D-SACK). */
  doubled = false;

  clear(): void {
    this.end = -1;
    this.doubled = false;
  }
}

/** When the oldest packet in flight times out, from now on (tcp_rto_delta_us). */
function untilTimeout({ scoreboard, rtt, now }: Connection): Nanoseconds {
  return Math.max(1, (scoreboard.oldest?.sentAt ?? now) + rtt.timeout - now);
}

/** The retransmission timeout from now; in place of another timer, from when the oldest packet left (tcp_rearm_rto). */
export function scheduleTimeout(connection: Connection): void {
  const delay =
    connection.timerFor === "timeout" || connection.retries > 0
      ? connection.rtt.timeout
      : untilTimeout(connection);
  connection.timerFor = "timeout";
  connection.retransmitTimer.set(delay);
}

/** Sets the timer for a probe where one may be sent (tcp_schedule_loss_probe). `advancing`: something has just been acknowledged. */
export function scheduleProbe(connection: Connection, advancing: boolean): boolean {
  const { scoreboard, settings, rtt } = connection;
  const open = scoreboard.repair === null && scoreboard.sacked.count === 0 && connection.retries === 0;
  if (!settings.tailProbe || !connection.sackAllowed || !open || scoreboard.segments === 0) return false;
  const patience =
    rtt.smoothed > 0 ? 2 * rtt.smoothed + (scoreboard.segments > 1 ? TICKS : RTO_MIN) : RTO_MIN * 5;
  const timeout = advancing ? rtt.timeout : untilTimeout(connection);
  connection.timerFor = "tail";
  connection.retransmitTimer.set(Math.min(patience, timeout));
  return true;
}

/** Packets whose time is not over may still be reordered ones: look again when it is (tcp_rack_mark_lost). */
export function waitForReordered(connection: Connection, wait: Nanoseconds): void {
  connection.timerFor = "reorder";
  connection.retransmitTimer.set(wait + TICKS);
}

/** An acknowledgement after a probe: did the probe repair a loss? Then the window must shrink as after any other (tcp_process_tlp_ack). */
export function judgeProbe(connection: Connection, ack: Position, duplicate: boolean): void {
  const { tail, congestion, scoreboard } = connection;
  if (tail.end < 0 || ack < tail.end) return;
  if (!tail.repeated || tail.doubled || (ack === tail.end && duplicate)) {
    tail.clear();
  } else if (ack > tail.end) {
    tail.clear();
    if (scoreboard.repair === null) congestion.lost();
  }
}

import { ms, type Nanoseconds } from "../../base/units.js";
import type { Connection } from "./connection.js";
import type { Position } from "./position.js";

/** Bytes of payload that fit a super-packet: GSO_MAX_SIZE without room for headers (sk_gso_max_size - 1 - MAX_TCP_HEADER). */
const LARGEST_PAYLOAD = 65536 - 1 - 320;
const GSO_MAX_SIZE = 65536;
/** net.ipv4.tcp_tso_rtt_log: each 512 µs of round-trip time halve what a near peer is sent at once. */
const RTT_STEP_BITS = 9;
/** A super-packet has at least so many segments where anything lets it (net.ipv4.tcp_min_tso_segs). */
const MIN_SEGMENTS = 2;
/** What may be left of a window before it is worth sending: a third (net.ipv4.tcp_tso_win_divisor). */
const WINDOW_DIVISOR = 3;

/** When the packets of several segments left that are not acknowledged yet, so that the next one can wait for the answer to the first. */
export class SuperPackets {
  private readonly ends: Position[] = [];
  private readonly times: Nanoseconds[] = [];
  /** When the last one left. */
  lastAt: Nanoseconds = Number.NEGATIVE_INFINITY;

  sent(end: Position, una: Position, now: Nanoseconds): void {
    this.forget(una);
    this.ends.push(end);
    this.times.push(now);
    this.lastAt = now;
  }

  /** When the oldest one in flight left; -1 when none is. */
  oldest(una: Position): Nanoseconds {
    this.forget(una);
    return this.times[0] ?? -1;
  }

  private forget(una: Position): void {
    while (this.ends.length > 0 && this.ends[0]! <= una) {
      this.ends.shift();
      this.times.shift();
    }
  }
}

/** Segments that the send queue gathers in one packet: at most half of the largest window that the peer has offered (tcp_xmit_size_goal). */
function gathered(connection: Connection): number {
  const { peerWindowMax, mss } = connection;
  const half = peerWindowMax > 536 ? Math.floor(peerWindowMax / 2) : peerWindowMax;
  return Math.max(1, Math.floor(Math.min(LARGEST_PAYLOAD, half) / mss));
}

/** Segments that leave at once: what the path carries in about a millisecond, and more to a near peer (tcp_tso_autosize). */
function autosized(connection: Connection): number {
  const { rtt, mss } = connection;
  if (rtt.smoothed === 0) return Math.floor(GSO_MAX_SIZE / mss);
  const near = Math.floor(rtt.least / 1000) >>> RTT_STEP_BITS;
  const bytes = pacingRate(connection) / 1024 + (near < 32 ? GSO_MAX_SIZE >>> near : 0);
  return Math.max(MIN_SEGMENTS, Math.floor(Math.min(bytes, GSO_MAX_SIZE) / mss));
}

/** Bytes a second: a window a round trip, doubled in slow start, a fifth more after it (tcp_update_pacing_rate). */
function pacingRate({ congestion, rtt }: Connection): number {
  const share = congestion.window < congestion.threshold / 2 ? 2 : 1.2;
  return (share * congestion.window * 1e9) / rtt.smoothed;
}

/** Segments that the congestion window allows at once: at most half of it, so that two packets are under way (tcp_cwnd_test). */
function allowed(connection: Connection): number {
  const { congestion, inFlight, mss } = connection;
  const half = Math.max(1, Math.floor(congestion.window / mss / 2));
  return Math.min(half, Math.max(1, Math.ceil((congestion.window - inFlight) / mss)));
}

/** Whether data goes out in packets of several segments: the way to the peer takes them, and more than one segment fits. */
export function makesSuperPackets(connection: Connection): boolean {
  return gathered(connection) > 1 && connection.sockets.output.takesSuperPackets(connection.remote.address);
}

/** The most segments that one packet may have now. */
export function mostSegments(connection: Connection): number {
  return Math.min(gathered(connection), autosized(connection), allowed(connection));
}

/** Whether to wait with a packet of several segments until more of the window is free (tcp_tso_should_defer). */
export function defers(connection: Connection, available: number, windowLeft: number): boolean {
  const { mss, congestion, superPackets, scoreboard, now, rtt, una } = connection;
  if (scoreboard.repair !== null || now - superPackets.lastAt > ms(1)) return false;
  const congestionLeft = Math.floor(Math.max(0, congestion.window - connection.inFlight) / mss) * mss;
  const limit = Math.min(windowLeft, congestionLeft);
  const goal = gathered(connection) * mss;
  if (limit >= Math.min(goal, autosized(connection) * mss)) return false;
  const length = Math.min(available, goal);
  if (available > goal && limit >= length) return false;
  if (limit >= Math.min(connection.peerWindow, congestion.window) / WINDOW_DIVISOR) return false;
  const oldest = superPackets.oldest(una);
  if (oldest < 0 || now - oldest < rtt.smoothed / 2) return false;
  if (limit <= length) return true;
  return !connection.finQueued;
}

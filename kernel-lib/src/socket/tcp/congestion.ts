import type { Nanoseconds } from "../../base/units.js";

/** Segments that a connection may send before the first acknowledgement (RFC 6928, TCP_INIT_CWND). */
const INITIAL_SEGMENTS = 10;
/** What is left of the window after a loss (beta of tcp_cubic: 717 of 1024). */
const BETA = 717 / 1024;
/** How steep the cubic curve is, in segments per second cubed (bic_scale 41). */
const STEEPNESS = 0.4;
/** What Reno's additive increase would be with CUBIC's decrease, as tcp_cubic rounds it: a segment for each 15/8 windows (beta_scale). */
const FRIENDLY = 15 / 8;

/** The real cube root of a number that is not negative, by Newton's method: the same on every machine. */
function cubeRoot(value: number): number {
  if (value === 0) return 0;
  let root = Math.max(1, value / 3);
  for (let i = 0; i < 60; i++) root = (2 * root + value / (root * root)) / 3;
  return root;
}

/**
 * Congestion window in bytes: slow start, then CUBIC as Linux has it (tcp_cubic, RFC 9438): after a loss the window goes back to 0.7 and comes near its
 * old size along a cubic of the time, at least as fast as Reno. Slow start ends at the first loss only (no HyStart).
 */
export class Congestion {
  window: number;
  threshold = Number.POSITIVE_INFINITY;
  private credit = 0;
  /** Size in segments at the last loss, and the curve since then: when it began, the size that it comes back to, and after which time in seconds. */
  private lastMost = 0;
  private since: Nanoseconds = -1;
  private origin = 0;
  private until = 0;
  /** What Reno would have by now, and the segments acknowledged since it grew. */
  private reno = 0;
  private renoCredit = 0;

  constructor(public mss: number) {
    this.window = INITIAL_SEGMENTS * mss;
  }

  /** New data was acknowledged while no loss is being repaired. `limited`: the window was what held the sender back. */
  acknowledged(bytes: number, limited: boolean, now: Nanoseconds, least: Nanoseconds): void {
    if (!limited) return;
    let rest = bytes;
    if (this.window < this.threshold) {
      const grown = Math.min(this.window + bytes, Math.max(this.threshold, this.window));
      rest -= grown - this.window;
      this.window = grown;
      if (rest <= 0) return;
    }
    const pause = this.segmentsPerStep(rest / this.mss, now, least) * this.mss;
    this.credit += rest;
    const steps = Math.floor(this.credit / pause);
    if (steps === 0) return;
    this.credit -= steps * pause;
    this.window += steps * this.mss;
  }

  /** Segments to be acknowledged before the window grows by one (bictcp_update). */
  private segmentsPerStep(acknowledged: number, now: Nanoseconds, least: Nanoseconds): number {
    const size = this.window / this.mss;
    if (this.since < 0) this.begin(size, now);
    const delay = Number.isFinite(least) ? least : 0;
    const seconds = (now - this.since + delay) / 1e9 - this.until;
    const target = this.origin + STEEPNESS * seconds * seconds * seconds;
    let pause = target > size ? size / (target - size) : 100 * size;
    if (this.lastMost === 0) pause = Math.min(pause, 20);
    this.renoCredit += acknowledged;
    const each = size * FRIENDLY;
    const more = Math.floor(this.renoCredit / each);
    this.renoCredit -= more * each;
    this.reno += more;
    if (this.reno > size) pause = Math.min(pause, size / (this.reno - size));
    return Math.max(2, pause);
  }

  private begin(size: number, now: Nanoseconds): void {
    this.since = now;
    this.reno = size;
    this.renoCredit = 0;
    this.until = this.lastMost <= size ? 0 : cubeRoot((this.lastMost - size) / STEEPNESS);
    this.origin = Math.max(this.lastMost, size);
  }

  /** The window shrinks after a loss, for good (bictcp_recalc_ssthresh). A second loss below the first gives up some room to others. */
  private reduce(): void {
    const size = this.window / this.mss;
    this.lastMost = size < this.lastMost ? (size * (1 + BETA)) / 2 : size;
    this.since = -1;
    this.threshold = Math.max(Math.floor(size * BETA), 2) * this.mss;
    this.credit = 0;
  }

  /** A loss was seen by duplicate acknowledgements or SACK (fast recovery), or repaired by a tail probe. */
  lost(): void {
    this.reduce();
    this.window = this.threshold;
  }

  /** The retransmission timer ran out: one segment, then slow start (RFC 5681 §3.1). */
  timedOut(first: boolean): void {
    if (first) this.reduce();
    this.window = this.mss;
    this.credit = 0;
  }

  /** The path takes smaller segments now. */
  shrink(mss: number): void {
    this.window = Math.max(mss, Math.floor(this.window / this.mss) * mss);
    this.mss = mss;
  }
}

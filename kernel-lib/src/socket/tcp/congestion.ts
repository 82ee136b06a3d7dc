/** Segments that a connection may send before the first acknowledgement (RFC 6928, TCP_INIT_CWND). */
const INITIAL_SEGMENTS = 10;

/**
 * Congestion window in bytes: slow start and additive increase, multiplicative decrease (RFC 5681). Linux's default is CUBIC, which
 * differs only after a loss on long paths.
 */
export class Congestion {
  window: number;
  threshold = Number.POSITIVE_INFINITY;
  private credit = 0;

  constructor(public mss: number) {
    this.window = INITIAL_SEGMENTS * mss;
  }

  /** New data was acknowledged while no loss is being repaired. `limited`: the window was what held the sender back. */
  acknowledged(bytes: number, limited: boolean): void {
    if (!limited) return;
    if (this.window < this.threshold) {
      this.window = Math.min(this.window + bytes, Math.max(this.threshold, this.window));
      return;
    }
    this.credit += bytes;
    if (this.credit < this.window) return;
    this.credit -= this.window;
    this.window += this.mss;
  }

  /** A loss was seen by duplicate acknowledgements or SACK (fast recovery, RFC 6675 §5). */
  lost(inFlight: number): void {
    this.threshold = Math.max(Math.floor(inFlight / 2), 2 * this.mss);
    this.window = this.threshold;
    this.credit = 0;
  }

  /** The retransmission timer ran out: one segment, then slow start (RFC 5681 §3.1). */
  timedOut(inFlight: number, first: boolean): void {
    if (first) this.threshold = Math.max(Math.floor(inFlight / 2), 2 * this.mss);
    this.window = this.mss;
    this.credit = 0;
  }

  /** The path takes smaller segments now. */
  shrink(mss: number): void {
    this.window = Math.max(mss, Math.floor(this.window / this.mss) * mss);
    this.mss = mss;
  }
}

import { ms, type Nanoseconds, seconds } from "../../base/units.js";

/** Smallest retransmission timeout that Linux computes (TCP_RTO_MIN, HZ/5); RFC 6298 says 1 s. */
export const RTO_MIN = ms(200);
/** Largest one after back-off (TCP_RTO_MAX). */
export const RTO_MAX = seconds(120);
/** The one before any measurement (TCP_TIMEOUT_INIT, RFC 6298 §2.1). */
export const RTO_INITIAL = seconds(1);

/** Round-trip time and the timeout that follows from it (RFC 6298 §2; the variance term has Linux's floor of 200 ms). */
export class RttEstimator {
  /** Smoothed round-trip time; 0 before the first sample. */
  smoothed: Nanoseconds = 0;
  variance: Nanoseconds = 0;
  /** The shortest round trip seen; infinity before the first sample. */
  least: Nanoseconds = Number.POSITIVE_INFINITY;
  timeout: Nanoseconds = RTO_INITIAL;

  sample(rtt: Nanoseconds): void {
    if (rtt < this.least) this.least = rtt;
    if (this.smoothed === 0) {
      this.smoothed = Math.max(1, rtt);
      this.variance = Math.round(rtt / 2);
    } else {
      this.variance = Math.round(0.75 * this.variance + 0.25 * Math.abs(this.smoothed - rtt));
      this.smoothed = Math.max(1, Math.round(0.875 * this.smoothed + 0.125 * rtt));
    }
    this.restore();
  }

  /** Doubles the timeout (RFC 6298 §5.5). */
  backOff(): void {
    this.timeout = Math.min(RTO_MAX, this.timeout * 2);
  }

  /** Takes the back-off away: new data was acknowledged. */
  restore(): void {
    if (this.smoothed === 0) this.timeout = RTO_INITIAL;
    else this.timeout = Math.min(RTO_MAX, this.smoothed + Math.max(RTO_MIN, 4 * this.variance));
  }
}

import { ms, type Nanoseconds } from "../../base/units.js";

/** Shortest delay of an acknowledgement (TCP_ATO_MIN, TCP_DELACK_MIN). */
const DELAY_MIN = ms(40);
/** Longest (TCP_DELACK_MAX). */
const DELAY_MAX = ms(200);
/** Segments that a new connection acknowledges at once (TCP_MAX_QUICKACKS). */
const QUICK_MAX = 16;

/**
 * When received data is acknowledged (inet_connection_sock's icsk_ack): at once for the first segments of a connection, later with
 * the answer, or after a delay of 40 to 200 ms.
 */
export class AckPolicy {
  /** An acknowledgement is owed. */
  pending = false;
  /** Size of the segments that the peer sends, as far as seen (rcv_mss). */
  segment: number;
  /** The last data was pushed by the peer. */
  pushed = false;
  /** The program answers what it gets: acknowledgements ride on the answers. */
  interactive = false;
  private quick = 0;
  private delay: Nanoseconds = 0;
  private lastData: Nanoseconds;

  constructor(hint: number, now: Nanoseconds) {
    this.segment = Math.max(88, Math.min(536, hint));
    this.lastData = now;
  }

  get immediate(): boolean {
    return this.quick > 0 && !this.interactive;
  }

  /** Data of `length` bytes came (tcp_event_data_recv). `window` is the one we offer. */
  received(
    length: number,
    now: Nanoseconds,
    timeout: Nanoseconds,
    push: boolean,
    window: number,
    advertised: number,
  ): void {
    this.pending = true;
    if (length >= this.segment) this.segment = Math.min(length, advertised);
    this.pushed = push;
    const gap = now - this.lastData;
    if (this.delay === 0) {
      this.refill(window);
      this.delay = DELAY_MIN;
    } else if (gap <= DELAY_MIN / 2) {
      this.delay = this.delay / 2 + DELAY_MIN / 2;
    } else if (gap < this.delay) {
      this.delay = Math.min(timeout, this.delay / 2 + gap);
    } else if (gap > timeout) {
      this.refill(window);
    }
    this.lastData = now;
  }

  /** The program sent data (tcp_event_data_sent): soon after data came, it is an answer. */
  answered(now: Nanoseconds): void {
    if (now - this.lastData < this.delay) this.interactive = true;
  }

  /** An acknowledgement left, alone or on data. */
  sent(): void {
    this.pending = false;
    this.pushed = false;
    if (this.quick > 0 && --this.quick === 0) this.delay = DELAY_MIN;
  }

  /** Something unusual came: acknowledge at once for a while (tcp_enter_quickack_mode). */
  hurry(window: number): void {
    this.refill(window);
    this.interactive = false;
    this.delay = DELAY_MIN;
  }

  /** How long to wait with an acknowledgement that is owed (tcp_send_delayed_ack). */
  wait(roundTrip: Nanoseconds): Nanoseconds {
    if (this.delay <= DELAY_MIN) return Math.max(this.delay, DELAY_MIN);
    let most = this.interactive || this.pushed ? DELAY_MAX : ms(500);
    if (roundTrip > 0) most = Math.min(most, Math.max(roundTrip, DELAY_MIN));
    return Math.min(this.delay, most, DELAY_MAX);
  }

  /** The delay ran out: the program does not answer soon (tcp_delack_timer_handler). */
  expired(timeout: Nanoseconds): void {
    if (this.interactive) {
      this.interactive = false;
      this.delay = DELAY_MIN;
    } else {
      this.delay = Math.min(this.delay * 2, timeout);
    }
  }

  private refill(window: number): void {
    const segments = Math.max(2, Math.floor(window / (2 * this.segment)));
    this.quick = Math.max(this.quick, Math.min(segments, QUICK_MAX));
  }
}

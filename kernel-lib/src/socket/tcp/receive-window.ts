import { ms, type Nanoseconds } from "../../base/units.js";
import type { Position } from "./position.js";

/** Half of the receive buffer is kept for the kernel's own overhead (tcp_adv_win_scale 1). */
function windowFromSpace(space: number): number {
  return space - Math.floor(space / 2);
}

function roundUp(value: number, shift: number): number {
  return Math.ceil(value / 2 ** shift) * 2 ** shift;
}

/**
 * The window that we offer, as Linux chooses it (tcp_select_window, tcp_rcv_space_adjust in net/ipv4): it starts at half of tcp_rmem[1] in
 * whole segments, is never taken back, and grows with what the program reads in a round trip. Queued bytes count once; the
 * kernel counts the memory of the buffers that hold them.
 */
export class ReceiveWindow {
  /** Bytes offered at the last acknowledgement, from `offeredAt` on (rcv_wnd, rcv_wup). */
  offered: number;
  offeredAt: Position = 0;
  /** Shift of the offers after the handshake; 0 when the peer does not scale. */
  scale = 0;
  private buffer: number;
  private clamp: number;
  private slowStart = 0;
  private spaceAt: Nanoseconds = 0;
  private spaceRead: Position = 0;
  private space = 0;
  private roundTrip: Nanoseconds = 0;

  constructor(
    /** tcp_rmem: the default and the largest receive buffer. */
    defaultBuffer: number,
    private readonly largestBuffer: number,
    segment: number,
  ) {
    this.buffer = defaultBuffer;
    this.clamp = windowFromSpace(this.buffer);
    const space = this.clamp;
    this.offered = Math.min(65535, space > segment ? space - (space % segment) : space);
    this.slowStart = this.offered;
  }

  /** The shift that lets the largest buffer be offered (tcp_select_initial_window). */
  static scaleFor(largestBuffer: number): number {
    let scale = 0;
    while (scale < 14 && largestBuffer / 2 ** scale > 65535) scale++;
    return scale;
  }

  /** The connection stands: one segment of the buffer is kept in reserve (tcp_init_buffer_space). */
  established(now: Nanoseconds, read: Position, advertised: number): void {
    const full = windowFromSpace(this.buffer);
    if (this.clamp > 2 * advertised && this.clamp + advertised > full) {
      this.clamp = Math.max(2 * advertised, full - advertised);
    }
    this.slowStart = Math.min(this.slowStart, this.clamp);
    this.spaceAt = now;
    this.spaceRead = read;
    this.space = Math.min(this.slowStart, this.offered, 10 * advertised);
  }

  /** What of the last offer the peer has not used yet. */
  left(next: Position): number {
    return Math.max(0, this.offeredAt + this.offered - next);
  }

  /** The window that could be offered with `queued` bytes unread; `segment` is the size that the peer sends (rcv_mss). */
  possible(queued: number, segment: number): number {
    const full = windowFromSpace(this.buffer);
    let free = Math.max(0, full - queued);
    const mss = Math.min(segment, Math.min(this.clamp, full));
    if (free < Math.min(this.clamp, full) / 2) {
      free -= free % 2 ** this.scale;
      if (free < full / 16 || free < mss) return 0;
    }
    return roundUp(Math.min(free, this.slowStart), this.scale);
  }

  /** Chooses the next offer and gives the value of the header's window field. */
  select(next: Position, queued: number, segment: number): number {
    const left = this.left(next);
    const wanted = this.possible(queued, segment);
    this.offered = Math.min(wanted < left ? roundUp(left, this.scale) : wanted, 65535 * 2 ** this.scale);
    this.offeredAt = next;
    return Math.floor(this.offered / 2 ** this.scale);
  }

  /** A full-sized segment came: let the offer grow towards the clamp (tcp_grow_window). */
  grow(advertised: number): void {
    if (this.slowStart < this.clamp) this.slowStart = Math.min(this.clamp, this.slowStart + 2 * advertised);
  }

  /** A sample of the round-trip time as the receiver sees it, at the clock of the timestamps: 1 ms. */
  sampleRoundTrip(rtt: Nanoseconds): void {
    const sample = Math.max(ms(1), rtt);
    this.roundTrip =
      this.roundTrip === 0
        ? sample
        : Math.min(this.roundTrip, Math.round(0.875 * this.roundTrip + 0.125 * sample));
  }

  /** The program has read up to `read`: when more was read in a round trip than before, the buffer grows (tcp_rcv_space_adjust). */
  adjust(now: Nanoseconds, read: Position, advertised: number): void {
    if (this.roundTrip === 0 || now - this.spaceAt < this.roundTrip) return;
    const copied = read - this.spaceRead;
    if (copied > this.space) {
      let wanted = 2 * copied + 16 * advertised;
      wanted += 2 * Math.floor((wanted * (copied - this.space)) / this.space);
      const buffer = Math.min(2 * wanted, this.largestBuffer);
      if (buffer > this.buffer) {
        this.buffer = buffer;
        this.clamp = windowFromSpace(buffer);
      }
      this.space = copied;
    }
    this.spaceAt = now;
    this.spaceRead = read;
  }
}

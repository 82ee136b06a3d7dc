import { type Position, Ranges } from "./position.js";

/**
 * What the sender knows about its segments in flight (RFC 6675): which ranges the peer reported, below which position holes count
 * as lost, and how far they have been sent again.
 */
export class Scoreboard {
  readonly sacked = new Ranges();
  /** Not null while a loss is repaired: recovery ends when everything below `end` is acknowledged. */
  repair: "recovery" | "loss" | null = null;
  end: Position = 0;
  /** Duplicate acknowledgements in a row; each stands for one segment that left the network. */
  duplicates = 0;
  /** Holes below this position are lost. */
  lostBelow: Position = 0;
  private resentBelow: Position = 0;

  /** Bytes between `una` and `next` that are believed to be in the network. */
  inFlight(una: Position, next: Position, reno: boolean, mss: number): number {
    if (this.repair === null && this.sacked.count === 0 && this.duplicates === 0) return next - una;
    const left = reno ? Math.min(this.duplicates * mss, next - una) : this.sacked.total;
    return Math.max(0, next - una - left - this.waiting(una));
  }

  /** Bytes that are lost and not yet sent again. */
  private waiting(una: Position): number {
    if (this.repair === null) return 0;
    const from = Math.max(una, this.resentBelow);
    if (from >= this.lostBelow) return 0;
    let bytes = this.lostBelow - from;
    for (let i = 0; i < this.sacked.count; i++) {
      const start = Math.max(from, this.sacked.starts[i]!);
      const end = Math.min(this.lostBelow, this.sacked.ends[i]!);
      if (end > start) bytes -= end - start;
    }
    return bytes;
  }

  /** Where the next lost and not yet repeated byte is, or -1. */
  nextHole(una: Position): Position {
    if (this.repair === null) return -1;
    let at = Math.max(una, this.resentBelow);
    for (let i = 0; i < this.sacked.count; i++) {
      if (at >= this.sacked.starts[i]! && at < this.sacked.ends[i]!) at = this.sacked.ends[i]!;
    }
    return at < this.lostBelow ? at : -1;
  }

  /** How far a hole that starts at `at` goes. */
  holeEnd(at: Position, limit: Position): Position {
    for (let i = 0; i < this.sacked.count; i++) {
      if (this.sacked.starts[i]! > at) return Math.min(limit, this.sacked.starts[i]!);
    }
    return limit;
  }

  resent(below: Position): void {
    if (below > this.resentBelow) this.resentBelow = below;
  }

  /** Duplicate acknowledgements or SACK say that the first segment is gone. */
  enterRecovery(una: Position, next: Position, mss: number): void {
    this.repair = "recovery";
    this.end = next;
    this.resentBelow = una;
    this.lostBelow = Math.min(next, una + mss);
    this.raiseLost(mss);
  }

  /** The timer ran out: everything in flight that was not reported counts as lost. */
  enterLoss(una: Position, next: Position): void {
    this.repair = "loss";
    this.end = next;
    this.resentBelow = una;
    this.lostBelow = next;
    this.duplicates = 0;
  }

  /** A partial acknowledgement without SACK: the segment after it is lost too (RFC 6582 §3.2). */
  partial(una: Position, mss: number): void {
    this.lostBelow = Math.max(this.lostBelow, Math.min(this.end, una + mss));
  }

  /** Holes below three reported ranges, or below more than two segments of reported bytes, are lost (RFC 6675 IsLost). */
  raiseLost(mss: number): void {
    let bytes = 0;
    for (let i = this.sacked.count - 1, ranges = 1; i >= 0; i--, ranges++) {
      bytes += this.sacked.ends[i]! - this.sacked.starts[i]!;
      if (bytes <= 2 * mss && ranges < 3) continue;
      this.lostBelow = Math.max(this.lostBelow, this.sacked.starts[i]!);
      return;
    }
  }

  leaveRepair(): void {
    this.repair = null;
    this.duplicates = 0;
  }
}

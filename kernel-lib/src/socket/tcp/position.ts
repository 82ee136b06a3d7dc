/**
 * A place in one direction of a connection: its sequence number without the wrap at 2^32, so that comparisons are plain ones. It starts
 * at the initial sequence number; a double counts 2^53 bytes.
 */
export type Position = number;

/** The position near `reference` whose sequence number is `sequence` (at most 2^31 away, RFC 1982). */
export function positionNear(reference: Position, sequence: number): Position {
  return reference + ((sequence - (reference >>> 0)) | 0);
}

/** A sorted set of disjoint ranges [start, end) of positions: what came out of order, or what the peer has reported by SACK. */
export class Ranges {
  readonly starts: Position[] = [];
  readonly ends: Position[] = [];
  /** Bytes in all ranges. */
  total = 0;

  get count(): number {
    return this.starts.length;
  }

  /** Adds a range; touching ranges become one. Returns the number of bytes that are new. */
  add(start: Position, end: Position): number {
    const { starts, ends } = this;
    let first = 0;
    while (first < starts.length && ends[first]! < start) first++;
    let last = first;
    let low = start;
    let high = end;
    let covered = 0;
    while (last < starts.length && starts[last]! <= end) {
      low = Math.min(low, starts[last]!);
      high = Math.max(high, ends[last]!);
      covered += ends[last]! - starts[last]!;
      last++;
    }
    starts.splice(first, last - first, low);
    ends.splice(first, last - first, high);
    this.total += high - low - covered;
    return high - low - covered;
  }

  /** Forgets everything before `position`. */
  dropBelow(position: Position): void {
    while (this.count > 0 && this.ends[0]! <= position) {
      this.total -= this.ends.shift()! - this.starts.shift()!;
    }
    if (this.count > 0 && this.starts[0]! < position) {
      this.total -= position - this.starts[0]!;
      this.starts[0] = position;
    }
  }

  /** Index of the range that holds `position`, or -1. */
  indexOf(position: Position): number {
    for (let i = 0; i < this.count; i++) {
      if (position >= this.starts[i]! && position < this.ends[i]!) return i;
    }
    return -1;
  }

  clear(): void {
    this.starts.length = 0;
    this.ends.length = 0;
    this.total = 0;
  }
}

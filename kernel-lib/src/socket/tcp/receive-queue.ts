import type { TcpOptions } from "../../wire/tcp-options.js";
import { ByteRing } from "./byte-ring.js";
import { type Position, Ranges } from "./position.js";

/** What has arrived: bytes in order that the program has not read, and ranges beyond a gap. */
export class ReceiveQueue {
  /** The next position expected (rcv_nxt). */
  next: Position;
  /** The next position that the program reads (copied_seq). */
  read: Position;
  readonly beyond = new Ranges();
  private finished = false;
  private readonly ring: ByteRing;
  /** A position in each of the ranges that changed last, newest first: the order of SACK blocks (RFC 2018 §4). */
  private readonly recent: Position[] = [];
  /** A range that came twice, for a D-SACK block (RFC 2883) in the next acknowledgement; empty when equal. */
  private duplicateStart = 0;
  private duplicateEnd = 0;

  constructor(start: Position) {
    this.next = start;
    this.read = start;
    this.ring = new ByteRing(start);
  }

  /** Bytes that the program can read now. */
  get readable(): number {
    return this.next - this.read - (this.finished ? 1 : 0);
  }

  /** The peer's FIN is the next position: it takes one, and nothing comes after it. */
  finish(): void {
    this.next++;
    this.finished = true;
  }

  /** Takes `length` bytes for `position` in. True when the program can read more than before. */
  insert(position: Position, source: Uint8Array, from: number, length: number): boolean {
    const end = position + length;
    if (end <= this.next) {
      this.noteDuplicate(position, end);
      return false;
    }
    if (position < this.next) this.noteDuplicate(position, this.next);
    const start = Math.max(position, this.next);
    this.ring.write(start, source, from + (start - position), end - start);
    if (start > this.next) {
      if (this.beyond.add(start, end) === 0) this.noteDuplicate(start, end);
      this.noteRecent(start);
      return false;
    }
    this.next = end;
    if (this.beyond.count > 0) this.join();
    return true;
  }

  noteDuplicate(start: Position, end: Position): void {
    this.duplicateStart = start;
    this.duplicateEnd = end;
  }

  /** Copies at most `max` bytes out to the program. */
  take(max: number): Uint8Array {
    const length = Math.min(max, this.readable);
    const bytes = new Uint8Array(length);
    if (length > 0) this.ring.read(this.read, bytes, 0, length);
    this.read += length;
    this.ring.advance(this.read);
    return bytes;
  }

  /** Writes the SACK blocks of the next acknowledgement; at most `limit`. */
  fillSack(options: TcpOptions, limit: number): void {
    if (this.duplicateEnd > this.duplicateStart) {
      options.addSack(this.duplicateStart, this.duplicateEnd);
      this.duplicateEnd = this.duplicateStart;
    }
    let seen = 0;
    for (let i = 0; i < this.recent.length && options.sackCount < limit; i++) {
      const range = this.beyond.indexOf(this.recent[i]!);
      if (range < 0 || (seen & (1 << range)) !== 0) continue;
      seen |= 1 << range;
      options.addSack(this.beyond.starts[range]!, this.beyond.ends[range]!);
    }
  }

  get wantsSack(): boolean {
    return this.beyond.count > 0 || this.duplicateEnd > this.duplicateStart;
  }

  free(): void {
    this.ring.free();
    this.beyond.clear();
    this.read = this.finished ? this.next - 1 : this.next;
  }

  /** The gap before the first range may have closed. */
  private join(): void {
    while (this.beyond.count > 0 && this.beyond.starts[0]! <= this.next) {
      this.next = Math.max(this.next, this.beyond.ends[0]!);
      this.beyond.dropBelow(this.next);
    }
    for (let i = this.recent.length - 1; i >= 0; i--) {
      if (this.recent[i]! < this.next) this.recent.splice(i, 1);
    }
  }

  private noteRecent(position: Position): void {
    const range = this.beyond.indexOf(position);
    for (let i = this.recent.length - 1; i >= 0; i--) {
      if (this.beyond.indexOf(this.recent[i]!) === range) this.recent.splice(i, 1);
    }
    this.recent.unshift(position);
    if (this.recent.length > 4) this.recent.pop();
  }
}

import type { Position } from "./position.js";

const FIRST_SIZE = 4096;

/**
 * The bytes of a stream between two positions, in a ring that grows by doubling. A byte's place follows from its position, so segments
 * that come out of order are written where they belong and never moved.
 */
export class ByteRing {
  private bytes = new Uint8Array(0);
  private high: Position;

  /** `base` is the position of the first byte that is still held. */
  constructor(public base: Position) {
    this.high = base;
  }

  /** Copies `source[from, from + length)` to `position`, which is not below the base. */
  write(position: Position, source: Uint8Array, from: number, length: number): void {
    const end = position + length;
    if (end - this.base > this.bytes.length) this.grow(end - this.base);
    if (end > this.high) this.high = end;
    const at = this.place(position);
    const first = Math.min(length, this.bytes.length - at);
    this.bytes.set(source.subarray(from, from + first), at);
    if (first < length) this.bytes.set(source.subarray(from + first, from + length), 0);
  }

  /** Copies `length` bytes at `position` to `target[to, …)`. */
  read(position: Position, target: Uint8Array, to: number, length: number): void {
    const at = this.place(position);
    const first = Math.min(length, this.bytes.length - at);
    target.set(this.bytes.subarray(at, at + first), to);
    if (first < length) target.set(this.bytes.subarray(0, length - first), to + first);
  }

  /** Lets go of everything before `position`. */
  advance(position: Position): void {
    this.base = position;
    if (position > this.high) this.high = position;
  }

  /** Gives the memory back. */
  free(): void {
    this.bytes = new Uint8Array(0);
    this.base = this.high;
  }

  /** The size is a power of two that divides 2^32, so the position's low bits are the place. */
  private place(position: Position): number {
    return (position >>> 0) & (this.bytes.length - 1);
  }

  private grow(needed: number): void {
    let size = Math.max(FIRST_SIZE, this.bytes.length);
    while (size < needed) size *= 2;
    const held = this.high - this.base;
    const copy = new Uint8Array(held);
    if (held > 0) this.read(this.base, copy, 0, held);
    this.bytes = new Uint8Array(size);
    if (held > 0) this.write(this.base, copy, 0, held);
  }
}

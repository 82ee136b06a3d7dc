import type { Dissection } from "./dissection.js";

/** Kind of a label: its two upper bits. */
const POINTER = 0xc0;
const EXTENDED = 0x40;
const RESERVED = 0x80;
/** Characters of a name that are printed (MAXCDNAME). */
const MAX_NAME = 255;

/** Reads the names of one DNS message (RFC 1035 §4.1.4). */
export class DomainReader {
  constructor(
    readonly d: Dissection,
    /** Offset of the message: pointers count from here. */
    readonly start: number,
    readonly multicast: boolean,
  ) {}

  /** Offset behind a name; null when it is not all there. */
  skipName(start: number): number | null {
    const { d } = this;
    let at = start;
    for (;;) {
      if (!d.has(at, 1)) return null;
      const length = d.u8(at++);
      if (length === 0) return at;
      const kind = length & 0xc0;
      if (kind === POINTER) return at + 1;
      if (kind === RESERVED || kind === EXTENDED) return null;
      at += length;
    }
  }

  /** Prints a name and returns the offset behind it; null (after a note) for a bad one. */
  printName(start: number): number | null {
    const { d } = this;
    let at = start;
    let after: number | null = null;
    let limit = start - this.start;
    let printed = 0;
    for (;;) {
      if (!d.has(at, 1)) return null;
      const length = d.u8(at);
      const kind = length & 0xc0;
      if (length === 0) {
        if (at === start) d.print(".");
        break;
      }
      if (kind === RESERVED) {
        d.print("<BAD LABEL TYPE>");
        return null;
      }
      if (kind === EXTENDED) {
        d.print(`<ELT ${length & 0x3f}>`);
        return null;
      }
      if (kind === POINTER) {
        after ??= at + 2;
        if (!d.has(at + 1, 1)) return null;
        const offset = ((length << 8) | d.u8(at + 1)) & 0x3fff;
        if (offset >= limit) {
          d.print("<BAD PTR>");
          return null;
        }
        limit = offset;
        at = this.start + offset;
        continue;
      }
      if (printed < MAX_NAME && d.printable(at + 1, Math.min(length, MAX_NAME - printed))) return null;
      printed += length;
      if (printed <= MAX_NAME) d.print(".");
      printed++;
      at += length + 1;
    }
    if (printed > MAX_NAME) d.print("<DOMAIN NAME TOO LONG>");
    return after ?? at + 1;
  }
}

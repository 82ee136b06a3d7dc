import type { Dissection } from "./dissection.js";

const CR = 0x0d;
const LF = 0x0a;
const MAX_INT = 0x7fffffff;

/** What a length says: a number, -1 for null, or one of these. */
const CUT_OFF = -2;
const TOO_LARGE = -3;
const NEGATIVE = -4;

/** Reads Redis' protocol (RESP) behind a place in the frame; -1 from a reader means cut off or malformed. */
class RespReader {
  constructor(
    private readonly d: Dissection,
    public at: number,
    public left: number,
  ) {}

  private skip(count: number): void {
    this.at += count;
    this.left -= count;
  }

  /** Prints one value; false when it is not all there. */
  value(): boolean {
    if (this.left < 1) return false;
    switch (String.fromCharCode(this.d.u8(this.at))) {
      case "+":
      case "-":
      case ":":
        return this.line();
      case "$":
        return this.bulk();
      case "*":
        return this.array();
      default:
        return this.inline();
    }
  }

  private line(): boolean {
    this.skip(1);
    const start = this.at;
    return this.findCrlf() && this.segment(start, this.at - start) && this.crlf();
  }

  private bulk(): boolean {
    this.skip(1);
    const length = this.length();
    if (length < 0) return this.oddLength(length);
    if (length === 0) this.d.print(" empty");
    else {
      if (this.left < length || !this.d.has(this.at, length) || !this.segment(this.at, length)) return false;
      this.skip(length);
    }
    return this.findCrlf() && this.crlf();
  }

  private array(): boolean {
    this.skip(1);
    const length = this.length();
    if (length === 0) this.d.print(" empty");
    if (length < 0) return this.oddLength(length);
    for (let i = 0; i < length; i++) if (!this.value()) return false;
    return true;
  }

  private inline(): boolean {
    if (!this.lineEnds()) return false;
    const start = this.at;
    for (;;) {
      if (this.left < 1) return false;
      const byte = this.d.u8(this.at);
      if (byte === CR || byte === LF) break;
      this.skip(1);
    }
    return this.segment(start, this.at - start) && this.lineEnds();
  }

  /** Skips line ends; false when there is not one and the data are over, or at another byte without any before it. */
  private lineEnds(): boolean {
    for (let found = false; ; found = true) {
      if (this.left === 0 || !this.d.has(this.at, 1)) return found;
      const byte = this.d.u8(this.at);
      if (byte !== CR && byte !== LF) return true;
      this.skip(1);
    }
  }

  private findCrlf(): boolean {
    for (;;) {
      if (this.left < 2 || !this.d.has(this.at, 2)) return false;
      if (this.d.u8(this.at) === CR && this.d.u8(this.at + 1) === LF) return true;
      this.skip(1);
    }
  }

  private crlf(): boolean {
    this.skip(2);
    return true;
  }

  private segment(at: number, length: number): boolean {
    this.d.print(' "');
    if (this.d.printable(at, length)) return false;
    this.d.print('"');
    return true;
  }

  private oddLength(length: number): boolean {
    if (length === CUT_OFF) return false;
    const text =
      length === -1
        ? "null"
        : length === TOO_LARGE
          ? "length too large"
          : length === NEGATIVE
            ? "length negative and not -1"
            : "invalid";
    this.d.print(` ${text}`);
    return true;
  }

  private length(): number {
    if (this.left === 0) return CUT_OFF;
    const negative = this.d.u8(this.at) === 0x2d;
    if (negative) this.skip(1);
    let result = 0;
    let digits = 0;
    for (; ; digits++) {
      if (this.left === 0) return CUT_OFF;
      const digit = this.d.u8(this.at) - 0x30;
      if (digit < 0 || digit > 9) break;
      result = Math.min(result * 10 + digit, MAX_INT + 1);
      this.skip(1);
    }
    if (digits === 0 || this.d.u8(this.at) !== CR) return this.badLength();
    this.skip(1);
    if (this.left === 0) return CUT_OFF;
    if (this.d.u8(this.at) !== LF) return this.badLength();
    this.skip(1);
    if (negative) return result === 1 ? -1 : NEGATIVE;
    return result > MAX_INT ? TOO_LARGE : result;
  }

  private badLength(): number {
    this.skip(1);
    return -5;
  }
}

/** Prints a payload of Redis' protocol as its strings (print-resp.c). */
export function printResp(d: Dissection, at: number, length: number): void {
  d.protocol = "resp";
  d.print(": RESP");
  const reader = new RespReader(d, at, length);
  while (reader.left > 0) {
    if (!reader.value()) {
      d.truncated();
      return;
    }
  }
}

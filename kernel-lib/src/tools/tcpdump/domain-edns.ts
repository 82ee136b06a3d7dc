import type { DomainReader } from "./domain-reader.js";

const CODES: ReadonlyMap<number, string> = new Map([
  [1, "LLQ"],
  [2, "UL"],
  [3, "NSID"],
  [5, "DAU"],
  [6, "DHU"],
  [7, "N3U"],
  [8, "ECS"],
  [9, "EXPIRE"],
  [10, "COOKIE"],
  [11, "KEEPALIVE"],
  [12, "PADDING"],
  [13, "CHAIN"],
  [14, "KEY-TAG"],
  [16, "CLIENT-TAG"],
  [17, "SERVER-TAG"],
]);
const EXPIRE = 9;
const COOKIE = 10;
const KEEPALIVE = 11;
const PADDING = 12;

/** Prints the options of an OPT record in brackets (RFC 6891); false when they are not all there. ECS and algorithm lists are given by their bytes. */
export function printEdnsOptions(reader: DomainReader, start: number, end: number): boolean {
  const { d } = reader;
  if (start >= end) return true;
  d.print(" [");
  for (let at = start; at < end; ) {
    if (!d.has(at, 2)) return false;
    const code = d.u16(at);
    d.print(CODES.get(code) ?? `Opt${code}`);
    if (!d.has(at + 2, 2)) return false;
    const length = d.u16(at + 2);
    if (!d.has(at + 4, length)) return false;
    if (length > 0) printValue(reader, code, at + 4, length);
    at += 4 + length;
    if (at < end) d.print(",");
  }
  d.print("]");
  return true;
}

function printValue({ d }: DomainReader, code: number, at: number, length: number): void {
  d.print(" ");
  switch (code) {
    case COOKIE:
      if (length < 8 || (length > 8 && length < 16) || length > 40) d.invalid();
      else d.print(d.hex(at, 8) + (length > 8 ? ` ${d.hex(at + 8, length - 8)}` : ""));
      return;
    case KEEPALIVE:
      if (length !== 2) d.invalid();
      else d.print(`${(d.u16(at) / 10).toFixed(1)} sec`);
      return;
    case EXPIRE:
      if (length !== 4) d.invalid();
      else d.print(`${d.u32(at)} sec`);
      return;
    case PADDING:
      d.print(`(${length})`);
      return;
    default:
      d.print(d.hex(at, length));
  }
}

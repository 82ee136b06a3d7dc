import { type Dissection, hex } from "./dissection.js";
import type { Origin } from "./tcp.js";

const EOL = 0;
const NOP = 1;
const NAMES: ReadonlyMap<number, string> = new Map([
  [EOL, "eol"],
  [NOP, "nop"],
  [2, "mss"],
  [3, "wscale"],
  [4, "sackOK"],
  [5, "sack"],
  [6, "echo"],
  [7, "echoreply"],
  [8, "TS"],
  [11, "cc"],
  [12, "ccnew"],
  [13, ""],
  [19, "md5"],
  [20, "scps"],
  [28, "uto"],
  [29, "tcp-ao"],
  [30, "mptcp"],
  [34, "tfo"],
  [254, "exp"],
]);

/** Ends the options: they are malformed, or not all captured. */
export class OptionFailure extends Error {
  override readonly name = "OptionFailure";
  constructor(
    readonly truncated: boolean,
    /** No option has been printed before it. */
    readonly first: boolean,
  ) {
    super();
  }
}

/** Prints the options between the brackets (RFC 9293, 7323, 2018). MPTCP is given by its bytes. */
export function printTcpOptions(d: Dissection, start: number, size: number, origin: Origin): void {
  let at = start;
  let left = size;
  let first = true;
  while (left > 0) {
    if (!first) d.print(",");
    const kind = d.u8(at++);
    let length = 1;
    if (kind !== EOL && kind !== NOP) {
      length = d.u8(at++);
      if (length < 2 || length > left) throw new OptionFailure(false, first);
      left--;
    }
    left--;
    d.print(NAMES.get(kind) ?? `unknown-${kind}`);
    const need = (bytes: number) => {
      if (bytes > left) throw new OptionFailure(false, first);
      if (!d.has(at, bytes)) throw new OptionFailure(true, first);
    };
    const data = printValue(d, kind, at, length, origin, need);
    at += data;
    left -= data;
    if (data + (kind === EOL || kind === NOP ? 1 : 2) !== length) d.print(`[len ${length}]`);
    first = false;
    if (kind === EOL) return;
  }
}

/** Prints an option's value and returns how many bytes of it were read. */
function printValue(
  d: Dissection,
  kind: number,
  at: number,
  length: number,
  origin: Origin,
  need: (bytes: number) => void,
): number {
  switch (kind) {
    case EOL:
    case NOP:
    case 4:
      return 0;
    case 2:
      need(2);
      d.print(` ${d.u16(at)}`);
      return 2;
    case 3:
      need(1);
      d.print(` ${d.u8(at)}`);
      return 1;
    case 5:
      return printSack(d, at, length - 2, origin, need);
    case 6:
    case 7:
    case 11:
    case 12:
    case 13:
      need(4);
      d.print(` ${d.u32(at)}`);
      return 4;
    case 8:
      need(8);
      d.print(` val ${d.u32(at)} ecr ${d.u32(at + 4)}`);
      return 8;
    case 28: {
      need(2);
      const value = d.u16(at);
      d.print(` 0x${hex(value)} ${value & 1 ? (value >>> 1) * 60 : value >>> 1}`);
      return 2;
    }
    case 34:
      need(length - 2);
      d.print(" ");
      printFastOpen(d, at, length - 2);
      return length - 2;
    default:
      if (length > 2) d.print(" 0x");
      for (let i = 0; i < length - 2; i++) {
        need(i + 1);
        d.print(hex(d.u8(at + i), 2));
      }
      return length - 2;
  }
}

function printSack(
  d: Dissection,
  at: number,
  size: number,
  origin: Origin,
  need: (bytes: number) => void,
): number {
  if (size % 8 !== 0) {
    d.print(" invalid sack");
    return size;
  }
  d.print(` ${size / 8} `);
  for (let i = 0; i < size; i += 8) {
    need(i + 8);
    const edge = (place: number) => (d.u32(place) - origin.acknowledgement) >>> 0;
    d.print(`{${edge(at + i)}:${edge(at + i + 4)}}`);
  }
  return size;
}

function printFastOpen(d: Dissection, at: number, size: number): void {
  if (size === 0) d.print(" cookiereq");
  else if (size % 2 !== 0 || size < 4 || size > 16) d.invalid();
  else d.print(` cookie ${d.hex(at, size)}`);
}

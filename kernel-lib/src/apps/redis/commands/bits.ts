import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import type { Reply } from "../reply.js";
import { StringValue } from "../string-value.js";
import { bitfield, bitfieldReadOnly } from "./bitfield.js";

/** Bits that a string may have: 512 MB. */
const BIT_LIMIT = 2n ** 32n;

/** Strings as rows of bits, the highest of a byte first. Source: Redis 7.0, bitops.c. */
export function bitsFamily(): Family {
  return {
    commands: { setbit, getbit, bitcount, bitpos, bitop, bitfield, bitfield_ro: bitfieldReadOnly },
  };
}

function offset(call: Call, index: number): number {
  const malformed = () => error("bit offset is not an integer or out of range");
  const value = call.long(index, malformed);
  if (value < 0n || value >= BIT_LIMIT) throw malformed();
  return Number(value);
}

export function bitAt(text: string, index: number): number {
  const byte = text.charCodeAt(index >>> 3);
  return Number.isNaN(byte) ? 0 : (byte >> (7 - (index & 7))) & 1;
}

function setbit(call: Call): Reply {
  const index = offset(call, 2);
  const bit = call.long(3, () => error("bit is not an integer or out of range"));
  if (bit !== 0n && bit !== 1n) throw error("bit is not an integer or out of range");
  const key = call.arg(1);
  const text = call.find(key, StringValue)?.text ?? "";
  const old = bitAt(text, index);
  const at = index >>> 3;
  const mask = 1 << (7 - (index & 7));
  const padded = text.padEnd(at + 1, "\0");
  const byte = bit === 1n ? padded.charCodeAt(at) | mask : padded.charCodeAt(at) & ~mask;
  const changed = padded.slice(0, at) + String.fromCharCode(byte) + padded.slice(at + 1);
  call.store(key, StringValue.raw(changed), "$", "setbit");
  return old;
}

function getbit(call: Call): Reply {
  const index = offset(call, 2);
  return bitAt(call.read(call.arg(1), StringValue)?.text ?? "", index);
}

interface BitRange {
  readonly start: number;
  readonly end: number;
}

/** Start and end in bytes or bits, as the half-open range of bits. */
function bitRange(text: string, start: number, end: number, unit: "byte" | "bit"): BitRange {
  const length = unit === "bit" ? text.length * 8 : text.length;
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
  const size = unit === "bit" ? 1 : 8;
  return from > to ? { start: 0, end: 0 } : { start: from * size, end: (to + 1) * size };
}

function readUnit(call: Call, index: number): "byte" | "bit" {
  const word = call.word(index);
  if (call.count > index && word !== "byte" && word !== "bit") throw syntaxError();
  return word === "bit" ? "bit" : "byte";
}

function bitcount(call: Call): Reply {
  if (call.count === 3 || call.count > 5) {
    call.read(call.arg(1), StringValue);
    throw syntaxError();
  }
  const text = call.read(call.arg(1), StringValue)?.text;
  if (text === undefined) return 0;
  if (call.count === 2) return ones(text, 0, text.length * 8);
  const [start, end] = [call.integer(2), call.integer(3)];
  const unit = readUnit(call, 4);
  if (start < 0 && end < 0 && start > end) return 0;
  const range = bitRange(text, start, end, unit);
  return ones(text, range.start, range.end);
}

function ones(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) count += bitAt(text, i);
  return count;
}

function bitpos(call: Call): Reply {
  const bit = call.long(2);
  if (bit !== 0n && bit !== 1n) throw error("The bit argument must be 1 or 0.");
  const text = call.read(call.arg(1), StringValue)?.text;
  if (text === undefined) return bit === 1n ? -1 : 0;
  if (call.count > 6) throw syntaxError();
  const start = call.count > 3 ? call.integer(3) : 0;
  const end = call.count > 4 ? call.integer(4) : -1;
  const range = bitRange(text, start, end, readUnit(call, 5));
  if (range.end === 0) return -1;
  for (let i = range.start; i < range.end; i++) if (bitAt(text, i) === Number(bit)) return i;
  // Behind the string there are zeros without end, unless an end was given.
  return bit === 0n && call.count <= 4 ? range.end : -1;
}

function bitop(call: Call): Reply {
  const operation = call.word(1);
  if (!["and", "or", "xor", "not"].includes(operation)) throw syntaxError();
  if (operation === "not" && call.count !== 4)
    throw error("BITOP NOT must be called with a single source key.");
  const texts = call.args.slice(3).map((key) => call.find(key, StringValue)?.text ?? "");
  const length = Math.max(...texts.map((text) => text.length));
  const target = call.arg(2);
  if (length === 0) {
    call.remove(target);
    return 0;
  }
  let result = "";
  for (let i = 0; i < length; i++) {
    const bytes = texts.map((text) => (i < text.length ? text.charCodeAt(i) : 0));
    result += String.fromCharCode(combine(operation, bytes));
  }
  call.store(target, StringValue.raw(result), "$", "set", false);
  return length;
}

function combine(operation: string, bytes: readonly number[]): number {
  if (operation === "not") return ~bytes[0]! & 255;
  return bytes.reduce((a, b) => (operation === "and" ? a & b : operation === "or" ? a | b : a ^ b));
}

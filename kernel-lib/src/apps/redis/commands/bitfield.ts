import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import { integerReply, readInteger } from "../numbers.js";
import type { Reply } from "../reply.js";
import { StringValue } from "../string-value.js";

type Overflow = "wrap" | "sat" | "fail";

interface Operation {
  readonly kind: "get" | "set" | "incrby";
  readonly signed: boolean;
  readonly bits: number;
  readonly offset: number;
  readonly value: bigint;
  readonly overflow: Overflow;
}

/** Integers of any width within a string. Source: Redis 7.0, bitops.c bitfieldGeneric. */
export function bitfield(call: Call): Reply {
  return perform(call, readOperations(call));
}

export function bitfieldReadOnly(call: Call): Reply {
  const operations = readOperations(call);
  if (operations.some(({ kind }) => kind !== "get"))
    throw error("BITFIELD_RO only supports the GET subcommand");
  return perform(call, operations);
}

function readOperations(call: Call): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = "wrap";
  for (let i = 2; i < call.count; i++) {
    const word = call.word(i);
    const left = call.count - i - 1;
    if (word === "overflow" && left >= 1) {
      overflow = readOverflow(call, ++i);
      continue;
    }
    const values = word === "get" ? 2 : 3;
    if ((word !== "get" && word !== "set" && word !== "incrby") || left < values) throw syntaxError();
    const { signed, bits } = readType(call.arg(i + 1));
    const offset = readOffset(call.arg(i + 2), bits);
    const value = word === "get" ? 0n : call.long(i + 3);
    operations.push({ kind: word, signed, bits, offset, value, overflow });
    i += values;
  }
  return operations;
}

function readOverflow(call: Call, index: number): Overflow {
  const word = call.word(index);
  if (word !== "wrap" && word !== "sat" && word !== "fail") throw error("Invalid OVERFLOW type specified");
  return word;
}

function readType(text: string): { signed: boolean; bits: number } {
  const bits = readInteger(text.slice(1));
  const signed = text[0] === "i";
  if ((!signed && text[0] !== "u") || bits === null || bits < 1n || bits > (signed ? 64n : 63n)) {
    throw error(
      "Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.",
    );
  }
  return { signed, bits: Number(bits) };
}

/** `#2` counts in fields, a plain number in bits. */
function readOffset(text: string, bits: number): number {
  const malformed = () => error("bit offset is not an integer or out of range");
  const inFields = text.startsWith("#");
  const number = readInteger(inFields ? text.slice(1) : text);
  if (number === null) throw malformed();
  const offset = inFields ? number * BigInt(bits) : number;
  if (offset < 0n || offset >> 3n >= 512n * 1024n * 1024n) throw malformed();
  return Number(offset);
}

function perform(call: Call, operations: readonly Operation[]): Reply {
  const key = call.arg(1);
  let text = call.find(key, StringValue)?.text ?? "";
  let changes = 0;
  const writing = operations.filter(({ kind }) => kind !== "get");
  for (const { offset, bits } of writing) text = text.padEnd((offset + bits + 7) >>> 3, "\0");
  const replies = operations.map((operation): Reply => {
    const old = readField(text, operation);
    if (operation.kind === "get") return integerReply(old);
    const wanted = operation.kind === "set" ? operation.value : old + operation.value;
    const written = fitted(wanted, operation);
    if (written === null) return null;
    text = writeField(text, operation, written);
    changes++;
    return integerReply(operation.kind === "set" ? old : written);
  });
  if (changes > 0) call.store(key, StringValue.raw(text), "$", "setbit");
  else if (writing.length > 0) call.keys.set(key, StringValue.raw(text), true);
  return replies;
}

function readField(text: string, { offset, bits, signed }: Operation): bigint {
  let value = 0n;
  for (let i = offset; i < offset + bits; i++) {
    const byte = i >>> 3 < text.length ? text.charCodeAt(i >>> 3) : 0;
    value = (value << 1n) | BigInt((byte >> (7 - (i & 7))) & 1);
  }
  return signed ? BigInt.asIntN(bits, value) : value;
}

function writeField(text: string, { offset, bits }: Operation, value: bigint): string {
  const bytes = [...text].map((sign) => sign.charCodeAt(0));
  for (let i = 0; i < bits; i++) {
    const at = offset + i;
    const mask = 1 << (7 - (at & 7));
    const bit = (value >> BigInt(bits - 1 - i)) & 1n;
    bytes[at >>> 3] = bit === 1n ? bytes[at >>> 3]! | mask : bytes[at >>> 3]! & ~mask;
  }
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
}

/** The value as the field can hold it, or null if it must not overflow. */
function fitted(value: bigint, { bits, signed, overflow }: Operation): bigint | null {
  const width = BigInt(bits);
  const low = signed ? -(1n << (width - 1n)) : 0n;
  const high = signed ? (1n << (width - 1n)) - 1n : (1n << width) - 1n;
  if (value >= low && value <= high) return value;
  if (overflow === "fail") return null;
  if (overflow === "sat") return value < low ? low : high;
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

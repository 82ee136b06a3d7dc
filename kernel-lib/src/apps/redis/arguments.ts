import type { Call } from "./call.js";
import { error, notInteger } from "./errors.js";
import { LONG_MAX, LONG_MIN } from "./numbers.js";
import type { RedisError } from "./reply.js";

/** A number that may not be negative: one text says that it is, and that it is no number. */
export function positive(
  call: Call,
  index: number,
  text = "value is out of range, must be positive",
): number {
  return ranged(call, index, 0n, text, () => error(text));
}

/** A number from 1. */
export function atLeastOne(call: Call, index: number, text: string): number {
  return ranged(call, index, 1n, text, () => error(text));
}

/** Any 64-bit number but the lowest, whose sign cannot be changed. */
export function signed(call: Call, index: number): number {
  const bounds = `value is out of range, value must between ${LONG_MIN + 1n} and ${LONG_MAX}`;
  return ranged(call, index, LONG_MIN + 1n, bounds, notInteger);
}

function ranged(call: Call, index: number, low: bigint, text: string, malformed: () => RedisError): number {
  const value = call.long(index, malformed);
  if (value < low) throw error(text);
  return Number(value);
}

/** Start and end (both included, negative from the end) as the half-open range that they mean among `length` places; empty as [0, 0]. */
export function span(start: number, end: number, length: number): readonly [number, number] {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, end < 0 ? length + end : end);
  return from > to || from >= length ? [0, 0] : [from, to + 1];
}

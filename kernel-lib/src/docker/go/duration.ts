import type { Nanoseconds } from "../../base/units.js";
import { goQuote } from "./text.js";

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** What Go refuses to read, in its words. */
export class GoSyntaxError extends Error {}

/** time.ParseDuration: `10s`, `1h30m`, `-1.5h`. Throws GoSyntaxError. */
export function parseDuration(text: string): Nanoseconds {
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw new GoSyntaxError(`time: invalid duration ${goQuote(text)}`);
  let total = 0;
  while (rest !== "") {
    const [, number = "", unit = ""] = /^(\d*\.?\d*)([^\d.]*)/.exec(rest)!;
    if (!/\d/.test(number)) throw new GoSyntaxError(`time: invalid duration ${goQuote(text)}`);
    if (unit === "") throw new GoSyntaxError(`time: missing unit in duration ${goQuote(text)}`);
    const size = UNITS[unit];
    if (size === undefined)
      throw new GoSyntaxError(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    total += Number(number) * size;
    rest = rest.slice(number.length + unit.length);
  }
  return sign * Math.round(total);
}

/** Duration.String(): `1m30s`, `1.5s`, `200ms`, `0s`. */
export function durationString(duration: Nanoseconds): string {
  const size = Math.abs(duration);
  const sign = duration < 0 ? "-" : "";
  if (size === 0) return "0s";
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor(size / 60e9) % 60;
  const rest = (size - hours * 3600e9 - minutes * 60e9) / 1e9;
  const tail = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : "";
  return `${sign}${tail}${rest}s`;
}

/** strconv.ParseUint with 64 bits, base 10. Throws GoSyntaxError. */
export function parseUint(text: string): number {
  if (!/^\d+$/.test(text))
    throw new GoSyntaxError(`strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`);
  if (BigInt(text) >= 1n << 64n)
    throw new GoSyntaxError(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`);
  return Number(text);
}

/** strconv.ParseFloat. Throws GoSyntaxError. */
export function parseFloat64(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    throw new GoSyntaxError(`strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax`);
  return Number(text);
}

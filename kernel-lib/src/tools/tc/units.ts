import type { Nanoseconds } from "../../base/units.js";

/** The kernel's packet clock has ticks of 64 ns (PSCHED_SHIFT 6); tc counts with 15.625 of them in a microsecond. */
export const TICK: Nanoseconds = 64;
const TICKS_IN_MICROSECOND = 15.625;

/** strtod: the number at the beginning, and what follows it. Null where there is none. */
function leadingNumber(text: string): readonly [value: number, rest: string] | null {
  const found = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(.*)$/i.exec(text);
  return found === null ? null : [Number(found[1]), found[2]!];
}

const TIMES: Readonly<Record<string, number>> = {
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
  ms: 1e3,
  msec: 1e3,
  msecs: 1e3,
  us: 1,
  usec: 1,
  usecs: 1,
  "": 1,
};

/** A time in whole microseconds, modulo 2^32 as in C; null for none (get_time). */
export function readTime(text: string): number | null {
  const [value, suffix] = leadingNumber(text) ?? [0, "?"];
  const factor = TIMES[suffix.toLowerCase()];
  return factor === undefined ? null : Math.trunc(value * factor) >>> 0;
}

/** Ticks of so many microseconds; null when they do not fit 32 bits. */
export function ticksOf(microseconds: number): number | null {
  const ticks = Math.floor(microseconds * TICKS_IN_MICROSECOND);
  return ticks > 0xffffffff ? null : ticks;
}

/** Ticks that so many bytes take at a rate (tc_calc_xmittime). */
export function transmissionTicks(bytes: number, rate: number): number {
  return Math.min(0xffffffff, Math.ceil(((bytes * 1e6) / rate) * TICKS_IN_MICROSECOND));
}

export function microsecondsOf(ticks: number): number {
  return Math.floor(ticks / TICKS_IN_MICROSECOND);
}

/** `10ms`, `1.5ms`, `9us` (sprint_time). */
export function printTime(microseconds: number): string {
  if (microseconds >= 1e6) return `${general(microseconds / 1e6)}s`;
  if (microseconds >= 1e3) return `${general(microseconds / 1e3)}ms`;
  return `${microseconds}us`;
}

/** printf's %.3g. */
function general(value: number): string {
  return String(Number(value.toPrecision(3)));
}

const RATES: readonly (readonly [suffix: string, bits: number])[] = [
  ["bit", 1],
  ["kibit", 1024],
  ["kbit", 1e3],
  ["mibit", 1024 ** 2],
  ["mbit", 1e6],
  ["gibit", 1024 ** 3],
  ["gbit", 1e9],
  ["tibit", 1024 ** 4],
  ["tbit", 1e12],
  ["bps", 8],
  ["kibps", 8 * 1024],
  ["kbps", 8e3],
  ["mibps", 8 * 1024 ** 2],
  ["mbps", 8e6],
  ["gibps", 8 * 1024 ** 3],
  ["gbps", 8e9],
  ["tibps", 8 * 1024 ** 4],
  ["tbps", 8e12],
  ["", 1],
];

/** A rate in whole bytes a second; null for none (get_rate64). A negative one counts as 0. */
export function readRate(text: string): number | null {
  const [value, suffix] = leadingNumber(text) ?? [0, "?"];
  const bits = RATES.find(([name]) => name === suffix.toLowerCase())?.[1];
  return bits === undefined ? null : Math.max(0, Math.floor((value * bits) / 8));
}

/** `100Mbit`, `1500Kbit` (tc_print_rate), of bytes a second. */
export function printRate(rate: number): string {
  let bits = rate * 8;
  let unit = 0;
  while (unit < 4 && bits >= 1000 && !(bits % 1000 !== 0 && bits < 1e6)) {
    bits = Math.floor(bits / 1000);
    unit++;
  }
  return `${bits}${["", "K", "M", "G", "T"][unit]}bit`;
}

const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  kb: 1024,
  kbit: 128,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mbit: 1024 ** 2 / 8,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gbit: 1024 ** 3 / 8,
};

/** A number of bytes (or packets); null for none (get_size). */
export function readSize(text: string): number | null {
  const [value, suffix] = leadingNumber(text) ?? [0, "?"];
  const factor = SIZES[suffix.toLowerCase()];
  return factor === undefined || value < 0 ? null : Math.floor(value * factor);
}

/** `10Kb`, `1540b` (print_size). */
export function printSize(bytes: number): string {
  const near = (unit: number, slack: number) =>
    bytes >= unit && Math.abs(Math.round(bytes / unit) * unit - bytes) < slack;
  if (near(1024 ** 2, 1024)) return `${Math.round(bytes / 1024 ** 2)}Mb`;
  if (near(1024, 16)) return `${Math.round(bytes / 1024)}Kb`;
  return `${bytes}b`;
}

/** A share from `1%` or `1`; null for none or one that is not from 0 to 100 (parse_percent). */
export function readPercent(text: string): number | null {
  const [value, suffix] = leadingNumber(text) ?? [0, "?"];
  if ((suffix !== "" && suffix !== "%") || value < 0 || value > 100) return null;
  return value / 100;
}

/** `33.3333%`: printf's %g of a share, which the kernel holds in 32 bits. */
export function printPercent(share: number): string {
  return `${Number(((100 * Math.round(share * 0xffffffff)) / 0xffffffff).toPrecision(6))}%`;
}

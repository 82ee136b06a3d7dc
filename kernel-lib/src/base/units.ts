/** Virtual time and durations: whole nanoseconds. 2^53 ns is 104 days, longer than any lab runs. */
export type Nanoseconds = number;

export const us = (n: number): Nanoseconds => Math.round(n * 1e3);
export const ms = (n: number): Nanoseconds => Math.round(n * 1e6);
export const seconds = (n: number): Nanoseconds => Math.round(n * 1e9);

/** A duration for a reader: `850 ns`, `12.4 µs`, `3.05 ms`, `2.00 s` (three significant digits). */
export function formatDuration(ns: Nanoseconds): string {
  const size = Math.abs(ns);
  if (size < 1e3) return `${ns} ns`;
  if (size < 1e6) return `${(ns / 1e3).toPrecision(3)} µs`;
  if (size < 1e9) return `${(ns / 1e6).toPrecision(3)} ms`;
  return `${(ns / 1e9).toPrecision(3)} s`;
}

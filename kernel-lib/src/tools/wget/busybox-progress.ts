import type { Nanoseconds } from "../../base/units.js";

/** Stars of a full bar on a terminal of 80 columns, or none. */
const STARS = 32;

/** A size in five characters: up to 99999 as it is, else with a suffix of 1024 (smart_ulltoa5 in libbb). */
export function fiveWide(bytes: number): string {
  if (bytes <= 99_999) return String(bytes).padStart(5);
  let tenths = bytes * 10;
  let index = 0;
  do {
    tenths = Math.floor(tenths / 1024);
    index++;
  } while (tenths >= 100_000);
  const whole = Math.floor(tenths / 10);
  const digits = whole >= 100 ? String(whole) : `${whole}.${tenths % 10}`;
  return `${digits}${" kmgtpezy"[index]}`.padStart(5);
}

/**
 * The meter's line (bb_progress_update in libbb/progress.c) with standard error no terminal: a line of its own each time. `elapsed` is the time
 * since the transfer began.
 */
export function progressLine(name: string, received: number, total: number, elapsed: Nanoseconds): string {
  const percent = total === 0 ? 100 : Math.floor((100 * received) / total);
  const stars = total === 0 ? STARS : Math.floor((STARS * received) / total);
  const bar = "*".repeat(stars).padEnd(STARS);
  const left = received === 0 ? 0 : Math.floor(((total - received) * (elapsed / 1e9)) / received);
  const two = (n: number) => String(n).padStart(2, "0");
  const eta = `${String(Math.floor(left / 3600)).padStart(2)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)} ETA`;
  return `${name.slice(0, 20).padEnd(20)} ${String(percent).padStart(3)}% |${bar}| ${fiveWide(received)} ${eta}\n`;
}

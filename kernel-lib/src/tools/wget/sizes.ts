import type { Nanoseconds } from "../../base/units.js";

/** 293K: a size of 1024 bytes and more, without decimals from 10 on, one below… as `ls -lh` prints it (human_readable in wget's utils.c). */
export function humanReadable(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  for (const power of ["K", "M", "G", "T"]) {
    if (Math.floor(value / 1024) < 1024 || power === "T") {
      const shown = value / 1024;
      return `${shown.toFixed(shown < 10 ? 1 : 0)}${power}`;
    }
    value = Math.floor(value / 1024);
  }
  return String(bytes);
}

/** A rate as a number below 1024 and the index of its unit (B, K, M, G, T). A clock that stood still counts as half a nanosecond. */
export function rateOf(
  bytes: number,
  elapsed: Nanoseconds,
): { readonly value: number; readonly unit: number } {
  const perSecond = bytes / (Math.max(elapsed, 0.5) / 1e9);
  let value = perSecond;
  let unit = 0;
  while (value >= 1024 && unit < 4) {
    value /= 1024;
    unit++;
  }
  return { value, unit };
}

/** More digits for smaller numbers: 1022, 247, 12.5, 2.38. */
export function rateDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

const RATE_NAMES = ["B/s", "KB/s", "MB/s", "GB/s", "TB/s"];

/** `9.73 MB/s` (retr_rate). */
export function rateText(bytes: number, elapsed: Nanoseconds): string {
  const { value, unit } = rateOf(bytes, elapsed);
  return `${rateDigits(value)} ${RATE_NAMES[unit]}`;
}

/** Seconds with as many digits as say something (print_decimal). */
export function secondsText(elapsed: Nanoseconds): string {
  const seconds = elapsed / 1e9;
  if (seconds >= 9.95) return seconds.toFixed(0);
  if (seconds >= 0.95) return seconds.toFixed(1);
  if (seconds >= 0.001) return String(Number(seconds.toPrecision(1)));
  return seconds >= 0.0005 ? "0.001" : "0";
}

/** `2m 5s`; with `condensed` without the blank (eta_to_human_short). */
export function shortTime(seconds: number, condensed: boolean): string {
  const gap = condensed ? "" : " ";
  const whole = Math.floor(seconds);
  if (whole < 100) return `${whole}s`;
  if (whole < 6000) return `${Math.floor(whole / 60)}m${gap}${whole % 60}s`;
  if (whole < 48 * 3600) return `${Math.floor(whole / 3600)}h${gap}${Math.floor(whole / 60) % 60}m`;
  return `${Math.floor(whole / 86400)}d${gap}${Math.floor(whole / 3600) % 24}h`;
}

/** `1m 2s`, `0.003s`: the wall clock of all downloads (secs_to_human_time). */
export function wallTime(elapsed: Nanoseconds): string {
  const whole = Math.floor(elapsed / 1e9 + 0.5);
  if (whole < 60) return `${secondsText(elapsed)}s`;
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}h ${minutes}m ${seconds}s` : `${minutes}m ${seconds}s`;
}

import type { Nanoseconds } from "../../base/units.js";

/** `3 days`, `20 s`: for a message. */
export function formatDuration(duration: Nanoseconds): string {
  const seconds = duration / 1e9;
  return seconds >= 86_400
    ? `${Math.round(seconds / 8_640) / 10} days`
    : `${Math.round(seconds * 10) / 10} s`;
}

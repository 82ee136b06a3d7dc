import type { Nanoseconds } from "../../base/units.js";

/** The two heading lines of curl's progress meter (lib/progress.c). */
export const METER_HEADING =
  "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n" +
  "                                 Dload  Upload   Total   Spent    Left  Speed\n";

/** A number in at most five characters: 99999, then k, M, G of 1024 (max5data). */
export function fiveCharacters(bytes: number): string {
  if (bytes < 100_000) return String(Math.floor(bytes)).padStart(5);
  const units = ["k", "M", "G", "T"];
  let value = bytes / 1024;
  for (const [i, unit] of units.entries()) {
    if (value < 100 && i > 0) return `${value.toFixed(1)}${unit}`.padStart(5);
    if (value < 10_000) return `${Math.floor(value)}${unit}`.padStart(5);
    value /= 1024;
  }
  return "    -";
}

/** `0:00:01` from one second on, dashes below. */
function clock(seconds: number): string {
  if (seconds < 1) return "--:--:--";
  const two = (n: number) => String(n).padStart(2, "0");
  return `${String(Math.floor(seconds / 3600)).padStart(2)}:${two(Math.floor(seconds / 60) % 60)}:${two(Math.floor(seconds) % 60)}`;
}

export interface MeterState {
  /** Bytes expected to come (0: unknown) and come; bytes to go out and gone. */
  readonly expected: number;
  readonly received: number;
  readonly toSend: number;
  readonly sent: number;
  readonly elapsed: Nanoseconds;
}

/** The meter's line, with the carriage return in front. */
export function meterLine({ expected, received, toSend, sent, elapsed }: MeterState): string {
  const percent = (done: number, all: number) =>
    String(all > 0 ? Math.floor((done * 100) / all) : 0).padStart(3);
  const total = (expected || received) + (toSend || sent);
  const seconds = Math.max(elapsed, 1000) / 1e9;
  const down = fiveCharacters(received / seconds);
  const up = fiveCharacters(sent / seconds);
  const times = `${clock(seconds < 1 ? 0 : total > 0 ? seconds : 0)} ${clock(seconds)} ${clock(0)}`;
  const all = percent(received + sent, (expected || 0) + toSend);
  return `\r${all} ${fiveCharacters(total)}  ${percent(received, expected)} ${fiveCharacters(received)}  ${percent(sent, toSend)} ${fiveCharacters(sent)}  ${down}  ${up} ${times} ${fiveCharacters((received + sent) / seconds)}`;
}

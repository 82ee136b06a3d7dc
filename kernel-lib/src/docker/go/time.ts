import type { Nanoseconds } from "../../base/units.js";
import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import { GoTime } from "./value.js";

/** The calendar time of a moment of virtual time. */
export function timeOf(now: Nanoseconds): GoTime {
  const seconds = Math.floor(now / 1e9);
  return new GoTime(LAB_EPOCH_SECONDS + seconds, now - seconds * 1e9);
}

const two = (n: number): string => String(n).padStart(2, "0");

interface Calendar {
  readonly date: string;
  readonly clock: string;
}

function calendar(time: GoTime): Calendar {
  if (time.seconds === GoTime.zero.seconds) return { date: "0001-01-01", clock: "00:00:00" };
  const at = new Date(time.seconds * 1000);
  const year = String(at.getUTCFullYear()).padStart(4, "0");
  return {
    date: `${year}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`,
    clock: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`,
  };
}

function fraction(time: GoTime): string {
  if (time.nanoseconds === 0) return "";
  return `.${String(time.nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
}

/** `time.RFC3339Nano` in UTC: `2026-11-21T03:12:21.823064711Z`, trailing zeros cut, as encoding/json writes times. */
export function rfc3339Nano(time: GoTime): string {
  const { date, clock } = calendar(time);
  return `${date}T${clock}${fraction(time)}Z`;
}

/** Moby's jsonlog format (`RFC3339NanoFixed`), nine digits always. */
export function rfc3339NanoFixed(time: GoTime): string {
  const { date, clock } = calendar(time);
  return `${date}T${clock}.${String(time.nanoseconds).padStart(9, "0")}Z`;
}

/** `Time.String()`: `2026-11-21 03:12:21.823064711 +0000 UTC`. */
export function timeString(time: GoTime): string {
  const { date, clock } = calendar(time);
  return `${date} ${clock}${fraction(time)} +0000 UTC`;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** docker/go-units HumanDuration: `5 seconds`, `About a minute`, `3 hours`. */
export function humanDuration(ns: Nanoseconds): string {
  const s = Math.trunc(ns / 1e9);
  if (s < 1) return "Less than a second";
  if (s === 1) return "1 second";
  if (s < MINUTE) return `${s} seconds`;
  const minutes = Math.trunc(s / MINUTE);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(s / HOUR);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(s / DAY)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(s / DAY / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(s / DAY / 30)} months`;
  return `${Math.trunc(s / DAY / 365)} years`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/** docker/go-units HumanSizeWithPrecision in decimal units: `7.05MB` (three digits), `187MB`, `0B`. */
export function humanSize(bytes: number, precision = 3): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(precision))}${UNITS[unit]}`;
}

import { lower } from "./byte-text.js";
import { SETTING_ALIASES, SETTINGS, type SettingSpec } from "./config-table.js";
import { normalizeNotifications } from "./notifications.js";
import { LONG_MAX, readInteger } from "./numbers.js";

/** Units of a size (Redis 7.0, util.c memtoull). */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1000 ** 2,
  mb: 1024 ** 2,
  g: 1000 ** 3,
  gb: 1024 ** 3,
};

/** Why a value is not taken, in Redis' words. */
export class BadSetting extends Error {}

/** A setting by any of its names. */
export function settingSpec(name: string): SettingSpec | undefined {
  const small = lower(name);
  return SETTINGS.get(SETTING_ALIASES.get(small) ?? small);
}

/** The value as Redis keeps it. Throws {@link BadSetting}. */
export function readSetting(spec: SettingSpec, text: string): string {
  if (spec.name === "save") return readSavePoints(text);
  if (spec.name === "notify-keyspace-events") return readNotifications(text);
  const { kind } = spec;
  if (kind === "text") return text;
  if (kind === "yesno") {
    const word = lower(text);
    if (word !== "yes" && word !== "no") throw new BadSetting("argument must be 'yes' or 'no'");
    return word;
  }
  if (kind === "memory") return readMemory(text);
  if (kind === "number") return readNumber(spec, text);
  const word = kind.find((one) => one === lower(text));
  if (word === undefined)
    throw new BadSetting(`argument(s) must be one of the following: ${kind.join(", ")}`);
  return word;
}

function readNumber({ range }: SettingSpec, text: string): string {
  const value = readInteger(text);
  if (value === null) throw new BadSetting("argument couldn't be parsed into an integer");
  const [low, high] = range ?? [0, Number.MAX_SAFE_INTEGER];
  if (Number(value) < low || Number(value) > high)
    throw new BadSetting(`argument must be between ${low} and ${limitText(high)} inclusive`);
  return String(value);
}

/** The largest number is Redis' own, which JavaScript's numbers do not reach. */
function limitText(high: number): string {
  return high === Number.MAX_SAFE_INTEGER ? String(LONG_MAX) : String(high);
}

function readMemory(text: string): string {
  const [, digits, unit = ""] = /^(\d+)([a-z]*)$/.exec(lower(text)) ?? [];
  const factor = UNITS[unit];
  if (digits === undefined || factor === undefined) throw new BadSetting("argument must be a memory value");
  return String(Number(digits) * factor);
}

function readNotifications(text: string): string {
  const normal = normalizeNotifications(text);
  if (normal === null) throw new BadSetting("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
  return normal;
}

/** Seconds and changes in turn; empty for none. */
function readSavePoints(text: string): string {
  const words = text.split(" ").filter((word) => word !== "");
  const fits =
    words.length % 2 === 0 && words.every((word, i) => /^\d+$/.test(word) && (i % 2 > 0 || word !== "0"));
  if (!fits) throw new BadSetting("Invalid save parameters");
  return words.join(" ");
}

import type { Call } from "../call.js";
import { badExpiry, notInteger, syntaxError, wrongType } from "../errors.js";
import { LONG_MAX, readInteger } from "../numbers.js";
import { OK, type Reply } from "../reply.js";
import { StringValue } from "../string-value.js";

interface SetOptions {
  readonly flags: ReadonlySet<string>;
  /** The text of EX, PX, EXAT or PXAT, and which of them. */
  readonly expiry: { readonly text: string; readonly unit: string } | null;
}

const UNITS = ["ex", "px", "exat", "pxat"];
/** Options that exclude each other: a word is an error if one of these has come before. */
const EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  nx: ["xx"],
  xx: ["nx"],
  get: [],
  keepttl: ["persist", ...UNITS],
  persist: ["keepttl", ...UNITS],
};

/** Redis 7.0, t_string.c parseExtendedStringArgumentsOrReply. */
function readOptions(call: Call, from: number, words: readonly string[]): SetOptions {
  const flags = new Set<string>();
  let expiry: SetOptions["expiry"] = null;
  for (let i = from; i < call.count; i++) {
    const word = call.word(i);
    if (UNITS.includes(word) && i + 1 < call.count) {
      const others = ["keepttl", "persist", ...UNITS].filter((other) => other !== word);
      if (others.some((other) => flags.has(other))) throw syntaxError();
      expiry = { text: call.arg(++i), unit: word };
    } else if (!words.includes(word) || EXCLUDES[word]?.some((other) => flags.has(other))) {
      throw syntaxError();
    }
    flags.add(word);
  }
  return { flags, expiry };
}

/** Milliseconds since 1970 that a time to live means. */
function expiryTime(call: Call, text: string, unit: string): number {
  const invalid = () => badExpiry(call.spec.name);
  let time = readInteger(text);
  if (time === null) throw notInteger();
  if (time <= 0n) throw invalid();
  if (unit.startsWith("ex")) time *= 1000n;
  if (time > LONG_MAX) throw invalid();
  if (!unit.endsWith("at")) time += BigInt(Math.floor(call.now));
  if (time > LONG_MAX) throw invalid();
  return Number(time);
}

export function set(call: Call): Reply {
  const { flags, expiry } = readOptions(call, 3, ["nx", "xx", "get", "keepttl"]);
  const expiresAt = expiry === null ? null : expiryTime(call, expiry.text, expiry.unit);
  const key = call.arg(1);
  const old = flags.has("get") ? (call.read(key, StringValue)?.text ?? null) : null;
  const found = call.keys.has(key);
  if ((flags.has("nx") && found) || (flags.has("xx") && !found)) return old;
  write(call, key, call.arg(2), expiresAt, flags.has("keepttl"));
  return flags.has("get") ? old : OK;
}

function write(call: Call, key: string, text: string, expiresAt: number | null, keepExpiry = false): void {
  call.store(key, StringValue.of(text), "$", "set", keepExpiry);
  if (expiresAt === null) return;
  call.keys.setExpiry(key, expiresAt);
  call.engine.notify(call.keys, "g", "expire", key);
}

export function setnx(call: Call): Reply {
  if (call.keys.has(call.arg(1))) return 0;
  write(call, call.arg(1), call.arg(2), null);
  return 1;
}

export function setex(call: Call): Reply {
  write(call, call.arg(1), call.arg(3), expiryTime(call, call.arg(2), "ex"));
  return OK;
}

export function psetex(call: Call): Reply {
  write(call, call.arg(1), call.arg(3), expiryTime(call, call.arg(2), "px"));
  return OK;
}

export function getex(call: Call): Reply {
  const { flags, expiry } = readOptions(call, 2, ["persist"]);
  const key = call.arg(1);
  const value = call.keys.get(key);
  call.engine.looked(value !== undefined);
  if (value === undefined) return null;
  if (!(value instanceof StringValue)) throw wrongType();
  if (expiry !== null) expireValue(call, key, expiry.text, expiry.unit);
  else if (flags.has("persist") && typeof call.keys.expiry(key) === "number") {
    call.keys.setExpiry(key, null);
    call.changed(key, "g", "persist");
  }
  return value.text;
}

function expireValue(call: Call, key: string, text: string, unit: string): void {
  const at = expiryTime(call, text, unit);
  if (unit.endsWith("at") && at <= call.now) call.remove(key);
  else {
    call.keys.setExpiry(key, at);
    call.changed(key, "g", "expire");
  }
}

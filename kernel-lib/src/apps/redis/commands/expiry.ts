import type { Call } from "../call.js";
import { badExpiry, error, notInteger } from "../errors.js";
import type { Handler } from "../family.js";
import { LONG_MAX, LONG_MIN } from "../numbers.js";
import type { Reply } from "../reply.js";

type Unit = "seconds" | "milliseconds";

/** When keys expire. Source: Redis 7.0, expire.c. */
export const expiryCommands: Readonly<Record<string, Handler>> = {
  expire: (call) => expire(call, "seconds", false),
  pexpire: (call) => expire(call, "milliseconds", false),
  expireat: (call) => expire(call, "seconds", true),
  pexpireat: (call) => expire(call, "milliseconds", true),
  ttl: (call) => remaining(call, "seconds", false),
  pttl: (call) => remaining(call, "milliseconds", false),
  expiretime: (call) => remaining(call, "seconds", true),
  pexpiretime: (call) => remaining(call, "milliseconds", true),
  persist,
};

function expire(call: Call, unit: Unit, absolute: boolean): Reply {
  const conditions = readConditions(call);
  const at = readTime(call, unit, absolute);
  const key = call.arg(1);
  const current = call.keys.expiry(key);
  if (current === undefined) return 0;
  if (conditions.has("nx") && current !== null) return 0;
  if (conditions.has("xx") && current === null) return 0;
  if (conditions.has("gt") && (current === null || at <= current)) return 0;
  if (conditions.has("lt") && current !== null && at >= current) return 0;
  if (at <= call.now) {
    call.remove(key);
    return 1;
  }
  call.keys.setExpiry(key, at);
  call.changed(key, "g", "expire");
  return 1;
}

function readConditions(call: Call): Set<string> {
  const conditions = new Set<string>();
  for (let i = 3; i < call.count; i++) {
    const word = call.word(i);
    if (!["nx", "xx", "gt", "lt"].includes(word)) throw error(`Unsupported option ${call.arg(i)}`);
    conditions.add(word);
  }
  const has = (word: string) => conditions.has(word);
  if (has("nx") && (has("xx") || has("gt") || has("lt"))) {
    throw error("NX and XX, GT or LT options at the same time are not compatible");
  }
  if (has("gt") && has("lt")) throw error("GT and LT options at the same time are not compatible");
  return conditions;
}

/** Milliseconds since 1970. A time in the past is one: the key goes at once. */
function readTime(call: Call, unit: Unit, absolute: boolean): number {
  let time = call.long(2, notInteger);
  if (unit === "seconds") time *= 1000n;
  if (time > LONG_MAX || time < LONG_MIN) throw badExpiry(call.spec.name);
  if (!absolute) time += BigInt(Math.floor(call.now));
  if (time > LONG_MAX) throw badExpiry(call.spec.name);
  return Number(time);
}

function remaining(call: Call, unit: Unit, absolute: boolean): Reply {
  const at = call.keys.expiry(call.arg(1));
  if (at === undefined) return -2;
  if (at === null) return -1;
  const time = absolute ? at : Math.max(0, at - call.now);
  return unit === "milliseconds" ? Math.floor(time) : Math.floor((time + 500) / 1000);
}

function persist(call: Call): Reply {
  const key = call.arg(1);
  if (typeof call.keys.expiry(key) !== "number") return 0;
  call.keys.setExpiry(key, null);
  call.changed(key, "g", "persist");
  return 1;
}

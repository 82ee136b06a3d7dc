import { signed } from "../arguments.js";
import type { Call } from "../call.js";
import { error, notFloat, overflow, syntaxError, wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { HashValue } from "../hash-value.js";
import { hashLimits } from "../limits.js";
import { readLongDouble } from "../long-double.js";
import { integerReply, LONG_MAX, LONG_MIN, readInteger } from "../numbers.js";
import { Mapping, OK, type Reply } from "../reply.js";
import { readCursor, readScanOptions, scanReply, scanStep } from "../scan.js";
import { drawn } from "./draw.js";
import { floatSum } from "./strings.js";

/** Hashes. Source: Redis 7.0, t_hash.c. */
export function hashesFamily(): Family {
  return {
    commands: {
      hset: (call) => setPairs(call),
      hmset: (call) => {
        setPairs(call);
        return OK;
      },
      hsetnx,
      hget: (call) => call.read(call.arg(1), HashValue)?.get(call.arg(2)) ?? null,
      hmget: (call) => {
        const hash = call.read(call.arg(1), HashValue);
        return call.args.slice(2).map((field) => hash?.get(field) ?? null);
      },
      hgetall: (call) => new Mapping([...(call.read(call.arg(1), HashValue)?.entries() ?? [])]),
      hkeys: (call) => [...(call.read(call.arg(1), HashValue)?.fields() ?? [])],
      hvals: (call) => [...(call.read(call.arg(1), HashValue)?.entries() ?? [])].map(([, text]) => text),
      hdel,
      hlen: (call) => call.read(call.arg(1), HashValue)?.size ?? 0,
      hexists: (call) => Number(call.read(call.arg(1), HashValue)?.has(call.arg(2)) ?? false),
      hstrlen: (call) => call.read(call.arg(1), HashValue)?.get(call.arg(2))?.length ?? 0,
      hincrby,
      hincrbyfloat,
      hrandfield,
      hscan,
    },
  };
}

function setPairs(call: Call): number {
  if (call.count % 2 === 1) throw wrongArity(call.spec.name);
  const key = call.arg(1);
  const hash = findOrMake(call, key);
  const limits = hashLimits(call.engine);
  let added = 0;
  for (let i = 2; i < call.count; i += 2) if (hash.set(call.arg(i), call.arg(i + 1), limits)) added++;
  call.changed(key, "h", "hset", (call.count - 2) / 2);
  return added;
}

function findOrMake(call: Call, key: string): HashValue {
  let hash = call.find(key, HashValue);
  if (hash === undefined) {
    hash = new HashValue();
    call.keys.set(key, hash);
  }
  return hash;
}

function hsetnx(call: Call): Reply {
  const key = call.arg(1);
  if (call.find(key, HashValue)?.has(call.arg(2))) return 0;
  findOrMake(call, key).set(call.arg(2), call.arg(3), hashLimits(call.engine));
  call.changed(key, "h", "hset");
  return 1;
}

function hdel(call: Call): Reply {
  const key = call.arg(1);
  const hash = call.find(key, HashValue);
  if (hash === undefined) return 0;
  let gone = 0;
  for (const field of call.args.slice(2)) if (hash.has(field) && hash.delete(field)) gone++;
  if (gone > 0) call.changed(key, "h", "hdel", gone);
  if (hash.size === 0) call.remove(key);
  return gone;
}

function hincrby(call: Call): Reply {
  const [key, field, step] = [call.arg(1), call.arg(2), call.long(3)];
  const text = call.find(key, HashValue)?.get(field);
  const before = text === undefined ? 0n : readInteger(text);
  if (before === null) throw error("hash value is not an integer");
  const after = before + step;
  if (after < LONG_MIN || after > LONG_MAX) throw overflow();
  findOrMake(call, key).set(field, String(after), hashLimits(call.engine));
  call.changed(key, "h", "hincrby");
  return integerReply(after);
}

function hincrbyfloat(call: Call): Reply {
  const [key, field] = [call.arg(1), call.arg(2)];
  const step = readLongDouble(call.arg(3));
  if (step === null) throw notFloat();
  if (typeof step === "number") throw error("value is NaN or Infinity");
  const text = call.find(key, HashValue)?.get(field) ?? "0";
  if (readLongDouble(text) === null) throw error("hash value is not a float");
  const sum = floatSum(text, call.arg(3));
  findOrMake(call, key).set(field, sum, hashLimits(call.engine));
  call.changed(key, "h", "hincrbyfloat");
  return sum;
}

function hrandfield(call: Call): Reply {
  if (call.count === 2) {
    const hash = call.read(call.arg(1), HashValue);
    return hash === undefined ? null : drawn(call.engine.random, [...hash.fields()], -1)[0]!;
  }
  const count = signed(call, 2);
  const withValues = call.count === 4 && call.word(3) === "withvalues";
  if (call.count > 4 || (call.count === 4 && !withValues)) throw syntaxError();
  if (withValues && Math.abs(count) > Number(LONG_MAX / 2n)) throw error("value is out of range");
  const hash = call.read(call.arg(1), HashValue);
  if (hash === undefined) return [];
  const fields = drawn(call.engine.random, [...hash.fields()], count);
  if (!withValues) return fields;
  const pairs = fields.map((field) => [field, hash.get(field)!]);
  return call.session.resp === 3 ? pairs : pairs.flat();
}

function hscan(call: Call): Reply {
  const cursor = readCursor(call.arg(2));
  const hash = call.read(call.arg(1), HashValue);
  if (hash === undefined) return scanReply(0, []);
  const options = readScanOptions(call, 3);
  const step = scanStep(hash, cursor, options, () => hash.fields(), hash.encoding === "listpack");
  return scanReply(
    step.cursor,
    step.names.flatMap((field) => [field, hash.get(field)!]),
  );
}

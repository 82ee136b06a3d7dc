import type { Call } from "../call.js";
import { infiniteSum, notFloat, notInteger, overflow, tooLong, wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { addLongDoubles, formatLongDouble, readLongDouble } from "../long-double.js";
import { integerReply, LONG_MAX, LONG_MIN, readInteger } from "../numbers.js";
import { OK, RedisError, type Reply } from "../reply.js";
import { StringValue } from "../string-value.js";
import { lcs } from "./lcs.js";
import { getex, psetex, set, setex, setnx } from "./set.js";

/** Bytes that a string may have (proto-max-bulk-len). */
const LENGTH_LIMIT = 512 * 1024 * 1024;

/** Strings. Source: Redis 7.0, t_string.c. */
export function stringsFamily(): Family {
  return {
    commands: {
      get,
      set,
      setnx,
      setex,
      psetex,
      getex,
      getset,
      getdel,
      mget,
      mset,
      msetnx,
      strlen,
      append,
      setrange,
      getrange,
      substr: getrange,
      incr: (call) => count(call, 1n),
      decr: (call) => count(call, -1n),
      incrby: (call) => count(call, call.long(2)),
      decrby,
      incrbyfloat,
      lcs,
    },
  };
}

function get(call: Call): Reply {
  return call.read(call.arg(1), StringValue)?.text ?? null;
}

function getset(call: Call): Reply {
  const old = get(call);
  call.store(call.arg(1), StringValue.of(call.arg(2)), "$", "set", false);
  return old;
}

function getdel(call: Call): Reply {
  const old = get(call);
  if (old !== null) call.remove(call.arg(1));
  return old;
}

function mget(call: Call): Reply {
  return call.args.slice(1).map((key) => {
    const value = call.keys.get(key);
    call.engine.looked(value !== undefined);
    return value instanceof StringValue ? value.text : null;
  });
}

function mset(call: Call): Reply {
  if (call.count % 2 === 0) throw wrongArity("mset");
  storePairs(call);
  return OK;
}

function msetnx(call: Call): Reply {
  if (call.count % 2 === 0) throw wrongArity("msetnx");
  for (let i = 1; i < call.count; i += 2) if (call.keys.has(call.arg(i))) return 0;
  storePairs(call);
  return 1;
}

function storePairs(call: Call): void {
  for (let i = 1; i < call.count; i += 2) {
    call.store(call.arg(i), StringValue.of(call.arg(i + 1)), "$", "set", false);
  }
}

function strlen(call: Call): Reply {
  return call.read(call.arg(1), StringValue)?.text.length ?? 0;
}

function append(call: Call): Reply {
  const [key, added] = [call.arg(1), call.arg(2)];
  const old = call.find(key, StringValue);
  if (old !== undefined && old.text.length + added.length > LENGTH_LIMIT) throw tooLong();
  const value = old === undefined ? StringValue.of(added) : StringValue.raw(old.text + added);
  call.store(key, value, "$", "append");
  return value.text.length;
}

function setrange(call: Call): Reply {
  const offset = call.integer(2);
  const [key, added] = [call.arg(1), call.arg(3)];
  if (offset < 0) throw new RedisError("ERR offset is out of range");
  const old = call.find(key, StringValue)?.text ?? "";
  if (added === "") return old.length;
  if (offset + added.length > LENGTH_LIMIT) throw tooLong();
  const text = old.slice(0, offset).padEnd(offset, "\0") + added + old.slice(offset + added.length);
  call.store(key, StringValue.raw(text), "$", "setrange");
  return text.length;
}

function getrange(call: Call): Reply {
  let [start, end] = [call.integer(2), call.integer(3)];
  const text = call.read(call.arg(1), StringValue)?.text ?? "";
  if (start < 0 && end < 0 && start > end) return "";
  if (start < 0) start = Math.max(0, text.length + start);
  if (end < 0) end = Math.max(0, text.length + end);
  return text.slice(start, end + 1);
}

/** INCR and its kin; the number that is stored may be a text of digits as well. */
function count(call: Call, step: bigint): Reply {
  const key = call.arg(1);
  const old = call.find(key, StringValue);
  const before = old === undefined ? 0n : readInteger(old.text);
  if (before === null) throw notInteger();
  const after = before + step;
  if (after < LONG_MIN || after > LONG_MAX) throw overflow();
  call.store(key, new StringValue(String(after), "int"), "$", "incrby");
  return integerReply(after);
}

function decrby(call: Call): Reply {
  const step = call.long(2);
  if (step === LONG_MIN) throw new RedisError("ERR decrement would overflow");
  return count(call, -step);
}

function incrbyfloat(call: Call): Reply {
  const key = call.arg(1);
  const old = call.find(key, StringValue);
  const sum = floatSum(old?.text ?? "0", call.arg(2));
  const value = StringValue.of(sum);
  call.store(
    key,
    new StringValue(sum, value.encoding === "int" ? "embstr" : value.encoding),
    "$",
    "incrbyfloat",
  );
  return sum;
}

/** The sum of two texts in extended precision, as INCRBYFLOAT and HINCRBYFLOAT print it. */
export function floatSum(text: string, step: string): string {
  const [before, by] = [readLongDouble(text), readLongDouble(step)];
  if (before === null || by === null) throw notFloat();
  if (typeof before === "number" || typeof by === "number") throw infiniteSum();
  return formatLongDouble(addLongDoubles(before, by));
}

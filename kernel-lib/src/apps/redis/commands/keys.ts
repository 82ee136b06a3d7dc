import type { Call } from "../call.js";
import { badDatabase, noSuchKey, sameObject, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { globMatches } from "../glob.js";
import { OK, RedisError, type Reply, Status } from "../reply.js";
import { readCursor, readScanOptions, scanReply, scanStep } from "../scan.js";
import { expiryCommands } from "./expiry.js";
import { objectCommands } from "./object.js";
import { sort, sortReadOnly } from "./sort.js";

/** Keys of any kind, and databases. Source: Redis 7.0, db.c. */
export function keysFamily(): Family {
  return {
    commands: {
      del,
      unlink: del,
      exists: (call) => call.args.slice(1).filter((key) => call.keys.has(key)).length,
      touch: (call) => call.args.slice(1).filter((key) => call.keys.get(key) !== undefined).length,
      type: (call) => new Status(call.keys.peek(call.arg(1))?.type ?? "none"),
      rename: (call) => {
        rename(call, false);
        return OK;
      },
      renamenx: (call) => rename(call, true),
      move,
      copy,
      randomkey,
      keys: (call) => [...call.keys.keys()].filter((key) => globMatches(call.arg(1), key)),
      scan,
      dbsize: (call) => call.keys.size,
      flushdb,
      flushall,
      swapdb,
      sort,
      sort_ro: sortReadOnly,
      ...expiryCommands,
      ...objectCommands,
    },
  };
}

function del(call: Call): Reply {
  return call.args.slice(1).filter((key) => call.remove(key)).length;
}

function rename(call: Call, onlyIfFree: boolean): Reply {
  const [from, to] = [call.arg(1), call.arg(2)];
  const value = call.keys.get(from);
  if (value === undefined) throw noSuchKey();
  if (from === to) return 0;
  if (onlyIfFree && call.keys.has(to)) return 0;
  const expiresAt = call.keys.expiry(from) ?? null;
  call.keys.delete(from);
  call.keys.set(to, value);
  call.keys.setExpiry(to, expiresAt);
  call.changed(from, "g", "rename_from", 0);
  call.changed(to, "g", "rename_to");
  return 1;
}

function move(call: Call): Reply {
  const index = call.integer(2);
  if (index < 0 || index >= call.engine.databaseCount) throw badDatabase();
  const target = call.engine.database(index);
  if (target === call.keys) throw sameObject();
  const key = call.arg(1);
  const value = call.keys.get(key);
  if (value === undefined || target.has(key)) return 0;
  const expiresAt = call.keys.expiry(key) ?? null;
  call.keys.delete(key);
  target.set(key, value);
  target.setExpiry(key, expiresAt);
  call.changed(key, "g", "move_from", 0);
  call.engine.changed(target, key, "g", "move_to");
  return 1;
}

function copy(call: Call): Reply {
  let target = call.keys;
  let replace = false;
  for (let i = 3; i < call.count; i++) {
    if (call.word(i) === "replace") replace = true;
    else if (call.word(i) === "db" && i + 1 < call.count) {
      const index = call.integer(++i);
      if (index < 0 || index >= call.engine.databaseCount) throw badDatabase();
      target = call.engine.database(index);
    } else throw syntaxError();
  }
  const [from, to] = [call.arg(1), call.arg(2)];
  if (target === call.keys && from === to) throw sameObject();
  const value = call.keys.get(from);
  if (value === undefined || (!replace && target.has(to))) return 0;
  target.set(to, value.clone());
  target.setExpiry(to, call.keys.expiry(from) ?? null);
  call.engine.changed(target, to, "g", "copy_to");
  return 1;
}

function randomkey(call: Call): Reply {
  const keys = [...call.keys.keys()];
  return keys.length === 0 ? null : keys[call.engine.random.between(0, keys.length - 1)]!;
}

function scan(call: Call): Reply {
  const cursor = readCursor(call.arg(1));
  const options = readScanOptions(call, 2, true);
  const step = scanStep(call.keys, cursor, options, () => call.keys.keys());
  const { type } = options;
  const names = step.names.filter((key) => {
    const value = call.keys.peek(key);
    return value !== undefined && (type === null || value.type === type);
  });
  return scanReply(step.cursor, names);
}

function checkFlushWord(call: Call): void {
  if (call.count > 2 || (call.count === 2 && !["sync", "async"].includes(call.word(1)))) throw syntaxError();
}

function flushdb(call: Call): Reply {
  checkFlushWord(call);
  call.engine.flushDatabase(call.keys);
  return OK;
}

function flushall(call: Call): Reply {
  checkFlushWord(call);
  for (const keys of call.engine.databases) call.engine.flushDatabase(keys);
  return OK;
}

function swapdb(call: Call): Reply {
  const [first, second] = [
    call.integer(1, () => invalidIndex("first")),
    call.integer(2, () => invalidIndex("second")),
  ];
  const { databases } = call.engine;
  const [one, other] = [databases[first], databases[second]];
  if (one === undefined || other === undefined) throw badDatabase();
  if (one !== other) call.engine.swapDatabases(one, other);
  return OK;
}

function invalidIndex(which: string) {
  return new RedisError(`ERR invalid ${which} DB index`);
}

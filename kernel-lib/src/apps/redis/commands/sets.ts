import { atLeastOne, positive, signed } from "../arguments.js";
import type { Call } from "../call.js";
import { error, syntaxError, wrongType } from "../errors.js";
import type { Family } from "../family.js";
import { Members, type Reply } from "../reply.js";
import { readCursor, readScanOptions, scanReply, scanStep } from "../scan.js";
import { SetValue } from "../set-value.js";
import { drawn } from "./draw.js";

type Operation = "inter" | "union" | "diff";

/** Sets. Source: Redis 7.0, t_set.c. */
export function setsFamily(): Family {
  return {
    commands: {
      sadd,
      srem,
      sismember: (call) => Number(call.read(call.arg(1), SetValue)?.has(call.arg(2)) ?? false),
      smismember: (call) => {
        const set = call.read(call.arg(1), SetValue);
        return call.args.slice(2).map((member) => Number(set?.has(member) ?? false));
      },
      scard: (call) => call.read(call.arg(1), SetValue)?.size ?? 0,
      smembers: (call) => new Members(call.read(call.arg(1), SetValue)?.members() ?? []),
      spop,
      srandmember,
      smove,
      sscan,
      sinter: (call) => new Members(combined(call, "inter", call.args.slice(1))),
      sunion: (call) => new Members(combined(call, "union", call.args.slice(1))),
      sdiff: (call) => new Members(combined(call, "diff", call.args.slice(1))),
      sinterstore: (call) => storeCombined(call, "inter"),
      sunionstore: (call) => storeCombined(call, "union"),
      sdiffstore: (call) => storeCombined(call, "diff"),
      sintercard,
    },
  };
}

function intsetLimit(call: Call): number {
  return call.engine.setting("set-max-intset-entries");
}

function findOrMake(call: Call, key: string): SetValue {
  let set = call.find(key, SetValue);
  if (set === undefined) {
    set = new SetValue();
    call.keys.set(key, set);
  }
  return set;
}

function sadd(call: Call): Reply {
  const key = call.arg(1);
  const set = findOrMake(call, key);
  let added = 0;
  for (const member of call.args.slice(2)) if (set.add(member, intsetLimit(call))) added++;
  if (added > 0) call.changed(key, "s", "sadd", added);
  return added;
}

function srem(call: Call): Reply {
  const key = call.arg(1);
  const set = call.find(key, SetValue);
  if (set === undefined) return 0;
  let gone = 0;
  for (const member of call.args.slice(2)) if (set.delete(member)) gone++;
  if (gone > 0) call.changed(key, "s", "srem", gone);
  if (set.size === 0) call.remove(key);
  return gone;
}

function spop(call: Call): Reply {
  if (call.count > 3) throw syntaxError();
  const count = call.count === 3 ? positive(call, 2) : null;
  const key = call.arg(1);
  const set = call.find(key, SetValue);
  if (set === undefined) return count === null ? null : new Members([]);
  const members = drawn(call.engine.random, set.members(), count ?? 1);
  for (const member of members) set.delete(member);
  if (members.length > 0) call.changed(key, "s", "spop", members.length);
  if (set.size === 0) call.remove(key);
  return count === null ? members[0]! : new Members(members);
}

function srandmember(call: Call): Reply {
  if (call.count > 3) throw syntaxError();
  const count = call.count === 3 ? signed(call, 2) : null;
  const set = call.read(call.arg(1), SetValue);
  if (set === undefined) return count === null ? null : [];
  const members = drawn(call.engine.random, set.members(), count ?? -1);
  return count === null ? members[0]! : members;
}

function smove(call: Call): Reply {
  const [source, target, member] = [call.arg(1), call.arg(2), call.arg(3)];
  if (!call.keys.has(source)) return 0;
  const from = call.find(source, SetValue)!;
  const to = call.find(target, SetValue);
  if (from === to) return Number(from.has(member));
  if (!from.delete(member)) return 0;
  call.changed(source, "s", "srem");
  if (from.size === 0) call.remove(source);
  if (findOrMake(call, target).add(member, intsetLimit(call))) call.changed(target, "s", "sadd");
  return 1;
}

function sscan(call: Call): Reply {
  const cursor = readCursor(call.arg(2));
  const set = call.read(call.arg(1), SetValue);
  if (set === undefined) return scanReply(0, []);
  const options = readScanOptions(call, 3);
  const step = scanStep(set, cursor, options, () => set.members(), set.encoding === "intset");
  return scanReply(step.cursor, step.names);
}

/** Every key is looked at before anything is counted: one of another kind is an error. */
function combined(call: Call, operation: Operation, keys: readonly string[]): string[] {
  const sets = keys.map((key) => {
    const value = call.keys.get(key);
    if (value !== undefined && !(value instanceof SetValue)) throw wrongType();
    return value;
  });
  const first = sets[0]?.members() ?? [];
  const others = sets.slice(1);
  if (operation === "inter") {
    if (sets.some((set) => set === undefined)) return [];
    const smallest = [...sets].sort((a, b) => a!.size - b!.size)[0]!;
    return smallest.members().filter((member) => sets.every((set) => set!.has(member)));
  }
  if (operation === "diff") {
    return first.filter((member) => !others.some((set) => set?.has(member) ?? false));
  }
  const union = SetValue.of(first, intsetLimit(call));
  for (const set of others) for (const member of set?.members() ?? []) union.add(member, intsetLimit(call));
  return [...union.members()];
}

function storeCombined(call: Call, operation: Operation): Reply {
  const target = call.arg(1);
  const members = combined(call, operation, call.args.slice(2));
  if (members.length === 0) {
    call.remove(target);
    return 0;
  }
  call.store(target, SetValue.of(members, intsetLimit(call)), "s", `s${operation}store`, false);
  return members.length;
}

function sintercard(call: Call): Reply {
  const number = atLeastOne(call, 1, "numkeys should be greater than 0");
  if (number > call.count - 2) throw error("Number of keys can't be greater than number of args");
  let limit = 0;
  for (let i = 2 + number; i < call.count; i += 2) {
    if (call.word(i) !== "limit" || i + 1 >= call.count) throw syntaxError();
    limit = positive(call, i + 1, "LIMIT can't be negative");
  }
  const { length } = combined(call, "inter", call.args.slice(2, 2 + number));
  return limit > 0 ? Math.min(limit, length) : length;
}

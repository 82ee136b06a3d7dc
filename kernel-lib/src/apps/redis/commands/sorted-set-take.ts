import { atLeastOne, positive, signed } from "../arguments.js";
import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Handler } from "../family.js";
import { LONG_MAX } from "../numbers.js";
import { Double, NIL_ARRAY, type Reply } from "../reply.js";
import { type Scored, SortedSetValue } from "../sorted-set-value.js";
import { drawn } from "./draw.js";
import { scoredReply } from "./scored-reply.js";

/** The lowest scores, or the highest. */
export type ScoreEnd = "min" | "max";

export const takeCommands: Readonly<Record<string, Handler>> = {
  zpopmin: (call) => pop(call, "min"),
  zpopmax: (call) => pop(call, "max"),
  zmpop: (call) => popFromFirstSet(call, 1) ?? NIL_ARRAY,
  zrandmember,
};

function pop(call: Call, end: ScoreEnd): Reply {
  if (call.count > 3) throw syntaxError();
  const count = call.count === 3 ? positive(call, 2) : null;
  const key = call.arg(1);
  const set = call.find(key, SortedSetValue);
  if (set === undefined || count === 0) return [];
  const items = popMembers(call, key, set, end, count ?? 1);
  if (count !== null) return scoredReply(call, items);
  return items.flatMap(({ member, score }) => [member, new Double(score)]);
}

/** Takes up to `count` members from an end; a set without members is no more. */
export function popMembers(
  call: Call,
  key: string,
  set: SortedSetValue,
  end: ScoreEnd,
  count: number,
): Scored[] {
  const number = Math.min(count, set.size);
  const items = end === "min" ? set.removeRange(0, number) : set.removeRange(set.size - number, set.size);
  call.changed(key, "z", end === "min" ? "zpopmin" : "zpopmax", number);
  if (set.size === 0) call.remove(key);
  return end === "min" ? items : items.reverse();
}

export interface SetPopArguments {
  readonly keys: readonly string[];
  readonly end: ScoreEnd;
  readonly count: number;
}

/** `numkeys key … MIN|MAX [COUNT n]`. */
export function readSetPopArguments(call: Call, at: number): SetPopArguments {
  const number = atLeastOne(call, at, "numkeys should be greater than 0");
  const where = at + number + 1;
  if (where >= call.count) throw syntaxError();
  const end = call.word(where);
  if (end !== "min" && end !== "max") throw syntaxError();
  let count: number | null = null;
  for (let i = where + 1; i < call.count; i++) {
    if (count !== null || call.word(i) !== "count" || i + 1 >= call.count) throw syntaxError();
    count = atLeastOne(call, ++i, "count should be greater than 0");
  }
  return { keys: call.args.slice(at + 1, where), end, count: count ?? 1 };
}

/** ZMPOP's arguments from the number of keys on: an answer, or null if all the sets are empty. */
export function popFromFirstSet(call: Call, at: number): Reply {
  const { keys, end, count } = readSetPopArguments(call, at);
  for (const key of keys) {
    const set = call.find(key, SortedSetValue);
    if (set === undefined) continue;
    const items = popMembers(call, key, set, end, count);
    return [key, items.map(({ member, score }) => [member, new Double(score)])];
  }
  return null;
}

function zrandmember(call: Call): Reply {
  if (call.count === 2) {
    const set = call.read(call.arg(1), SortedSetValue);
    return set === undefined ? null : drawn(call.engine.random, set.items(), -1)[0]!.member;
  }
  const count = signed(call, 2);
  const withScores = call.count === 4 && call.word(3) === "withscores";
  if (call.count > 4 || (call.count === 4 && !withScores)) throw syntaxError();
  if (withScores && Math.abs(count) > Number(LONG_MAX / 2n)) throw error("value is out of range");
  const set = call.read(call.arg(1), SortedSetValue);
  if (set === undefined) return [];
  const items = drawn(call.engine.random, set.items(), count);
  return withScores ? scoredReply(call, items) : items.map(({ member }) => member);
}

import { positive } from "../arguments.js";
import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import { ListValue } from "../list-value.js";
import { LONG_MIN } from "../numbers.js";
import type { Reply } from "../reply.js";

interface PositionOptions {
  readonly rank: number;
  /** Null: the first place alone, not in a list. */
  readonly count: number | null;
  /** Items to compare, 0 for all. */
  readonly limit: number;
}

/** Where in a list an item is. */
export function lpos(call: Call): Reply {
  const { rank, count, limit } = readOptions(call);
  const item = call.arg(2);
  const list = call.read(call.arg(1), ListValue);
  if (list === undefined) return count === null ? null : [];
  const step = rank > 0 ? 1 : -1;
  const wanted = count === 0 ? Infinity : (count ?? 1);
  const places: number[] = [];
  let before = Math.abs(rank) - 1;
  let compared = 0;
  for (let at = step > 0 ? 0 : list.length - 1; at >= 0 && at < list.length; at += step) {
    if ((limit > 0 && compared++ >= limit) || places.length >= wanted) break;
    if (list.at(at) === item && before-- <= 0) places.push(at);
  }
  return count === null ? (places[0] ?? null) : places;
}

function readOptions(call: Call): PositionOptions {
  let [rank, limit] = [1, 0];
  let count: number | null = null;
  for (let i = 3; i < call.count; i += 2) {
    const word = call.word(i);
    if (word === "rank" && i + 1 < call.count) rank = readRank(call, i + 1);
    else if (word === "count" && i + 1 < call.count) count = positive(call, i + 1, "COUNT can't be negative");
    else if (word === "maxlen" && i + 1 < call.count) {
      limit = positive(call, i + 1, "MAXLEN can't be negative");
    } else throw syntaxError();
  }
  return { rank, count, limit };
}

function readRank(call: Call, index: number): number {
  const rank = call.long(index);
  if (rank === 0n) {
    throw error(
      "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    );
  }
  // The lowest number has no opposite in 64 bits: Redis takes it as the last match.
  return rank === LONG_MIN ? -1 : Number(rank);
}

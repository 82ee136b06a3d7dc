import { span } from "../arguments.js";
import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Handler } from "../family.js";
import { sortedSetLimits } from "../limits.js";
import type { Reply } from "../reply.js";
import { type Scored, SortedSetValue } from "../sorted-set-value.js";
import { lexRange, type PlaceRange, type RangeKind, scoreRange } from "./score-range.js";
import { scoredReply } from "./scored-reply.js";

interface RangeOptions {
  readonly kind: RangeKind;
  readonly reverse: boolean;
  readonly withScores: boolean;
  readonly offset: number;
  /** Members, negative for all. */
  readonly limit: number;
}

/** What the command's name has settled already; ZRANGE itself leaves both to its options. */
interface Settled {
  readonly kind?: RangeKind;
  readonly reverse?: boolean;
}

export const rangeCommands: Readonly<Record<string, Handler>> = {
  zrange: (call) => answer(call, {}),
  zrevrange: (call) => answer(call, { kind: "rank", reverse: true }),
  zrangebyscore: (call) => answer(call, { kind: "score", reverse: false }),
  zrevrangebyscore: (call) => answer(call, { kind: "score", reverse: true }),
  zrangebylex: (call) => answer(call, { kind: "lex", reverse: false }),
  zrevrangebylex: (call) => answer(call, { kind: "lex", reverse: true }),
  zrangestore,
  zcount: (call) => counted(call, scoreRange(call, 2, 3)),
  zlexcount: (call) => counted(call, lexRange(call, 2, 3)),
  zremrangebyrank: (call) => {
    const [start, end] = [call.integer(2), call.integer(3)];
    return removed(call, (set) => span(start, end, set.size));
  },
  zremrangebyscore: (call) => removed(call, scoreRange(call, 2, 3)),
  zremrangebylex: (call) => removed(call, lexRange(call, 2, 3)),
};

function answer(call: Call, settled: Settled): Reply {
  const options = readOptions(call, 4, settled, false);
  const items = chosen(call, 1, options);
  return options.withScores ? scoredReply(call, items) : items.map(({ member }) => member);
}

function zrangestore(call: Call): Reply {
  const options = readOptions(call, 5, {}, true);
  const items = chosen(call, 2, options);
  const target = call.arg(1);
  if (items.length === 0) {
    call.remove(target);
    return 0;
  }
  const set = SortedSetValue.of(items, sortedSetLimits(call.engine));
  call.store(target, set, "z", "zrangestore", false);
  return items.length;
}

function readOptions(call: Call, from: number, settled: Settled, storing: boolean): RangeOptions {
  let { kind, reverse } = settled;
  let [withScores, offset, limit] = [false, 0, -1];
  for (let i = from; i < call.count; i++) {
    const word = call.word(i);
    if (word === "withscores" && !storing) withScores = true;
    else if (word === "limit" && call.count - i - 1 >= 2) {
      offset = call.integer(++i);
      limit = call.integer(++i);
    } else if (word === "rev" && settled.reverse === undefined) reverse = true;
    else if (word === "bylex" && kind === undefined) kind = "lex";
    else if (word === "byscore" && kind === undefined) kind = "score";
    else throw syntaxError();
  }
  kind ??= "rank";
  if (limit !== -1 && kind === "rank") {
    throw error("syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  }
  if (withScores && kind === "lex") {
    throw error("syntax error, WITHSCORES not supported in combination with BYLEX");
  }
  return { kind, reverse: reverse ?? false, withScores, offset, limit };
}

/** The members of a range, in its order; the key's place in the command is `keyAt`, its bounds follow. */
function chosen(call: Call, keyAt: number, options: RangeOptions): readonly Scored[] {
  const { kind, reverse, offset, limit } = options;
  const [first, second] = [keyAt + 1, keyAt + 2];
  if (kind === "rank") {
    const [start, end] = [call.integer(first), call.integer(second)];
    const set = call.read(call.arg(keyAt), SortedSetValue);
    if (set === undefined) return [];
    const items = reverse ? [...set.items()].reverse() : set.items();
    return items.slice(...span(start, end, items.length));
  }
  const read = kind === "score" ? scoreRange : lexRange;
  const range = reverse ? read(call, second, first) : read(call, first, second);
  const set = call.read(call.arg(keyAt), SortedSetValue);
  if (set === undefined || offset < 0) return [];
  const items = set.items().slice(...range(set));
  if (reverse) items.reverse();
  return items.slice(offset, limit < 0 ? undefined : offset + limit);
}

function counted(call: Call, range: PlaceRange): Reply {
  const set = call.read(call.arg(1), SortedSetValue);
  if (set === undefined) return 0;
  const [start, end] = range(set);
  return end - start;
}

function removed(call: Call, range: PlaceRange): Reply {
  const key = call.arg(1);
  const set = call.find(key, SortedSetValue);
  if (set === undefined) return 0;
  const { length } = set.removeRange(...range(set));
  if (length > 0) call.changed(key, "z", call.spec.name, length);
  if (set.size === 0) call.remove(key);
  return length;
}

import { positive } from "../arguments.js";
import type { Call } from "../call.js";
import { error, syntaxError, wrongType } from "../errors.js";
import type { Handler } from "../family.js";
import { sortedSetLimits } from "../limits.js";
import type { Reply } from "../reply.js";
import { SetValue } from "../set-value.js";
import { type Scored, SortedSetValue } from "../sorted-set-value.js";
import { scoredReply } from "./scored-reply.js";

type Operation = "union" | "inter" | "diff";
type Aggregate = "sum" | "min" | "max";

interface Source {
  readonly value: SetValue | SortedSetValue | undefined;
  weight: number;
}

/** Unions, intersections and differences; plain sets may take part, with scores of 1. */
export const combineCommands: Readonly<Record<string, Handler>> = {
  zunion: (call) => answer(call, "union"),
  zinter: (call) => answer(call, "inter"),
  zdiff: (call) => answer(call, "diff"),
  zunionstore: (call) => store(call, "union"),
  zinterstore: (call) => store(call, "inter"),
  zdiffstore: (call) => store(call, "diff"),
  zintercard,
};

function answer(call: Call, operation: Operation): Reply {
  const { items, withScores } = combined(call, operation, 1, false);
  const order = [...SortedSetValue.of(items, sortedSetLimits(call.engine)).items()];
  return withScores ? scoredReply(call, order) : order.map(({ member }) => member);
}

function store(call: Call, operation: Operation): Reply {
  const { items } = combined(call, operation, 2, true);
  const target = call.arg(1);
  if (items.length === 0) {
    call.remove(target);
    return 0;
  }
  const set = SortedSetValue.of(items, sortedSetLimits(call.engine));
  call.store(target, set, "z", `z${operation}store`, false);
  return set.size;
}

function zintercard(call: Call): Reply {
  const sources = readSources(call, 1);
  let limit = 0;
  for (let i = 2 + sources.length; i < call.count; i += 2) {
    if (call.word(i) !== "limit" || i + 1 >= call.count) throw syntaxError();
    limit = positive(call, i + 1, "LIMIT can't be negative");
  }
  const { length } = combine(sources, "inter", "sum");
  return limit > 0 ? Math.min(limit, length) : length;
}

function combined(call: Call, operation: Operation, at: number, storing: boolean) {
  const sources = readSources(call, at);
  let aggregate: Aggregate = "sum";
  let withScores = false;
  for (let i = at + 1 + sources.length; i < call.count; ) {
    const word = call.word(i);
    const left = call.count - i;
    if (operation !== "diff" && word === "weights" && left >= sources.length + 1) {
      for (const source of sources)
        source.weight = call.double(++i, () => error("weight value is not a float"));
      i++;
    } else if (operation !== "diff" && word === "aggregate" && left >= 2) {
      aggregate = readAggregate(call, i + 1);
      i += 2;
    } else if (!storing && word === "withscores") {
      withScores = true;
      i++;
    } else throw syntaxError();
  }
  return { items: combine(sources, operation, aggregate), withScores };
}

function readAggregate(call: Call, index: number): Aggregate {
  const word = call.word(index);
  if (word !== "sum" && word !== "min" && word !== "max") throw syntaxError();
  return word;
}

/** The number of keys at `at`, and what they hold. */
function readSources(call: Call, at: number): Source[] {
  const number = call.integer(at);
  if (number < 1) throw error(`at least 1 input key is needed for '${call.spec.name}' command`);
  if (number > call.count - at - 1) throw syntaxError();
  return call.args.slice(at + 1, at + 1 + number).map((key) => {
    const value = call.keys.get(key);
    if (value !== undefined && !(value instanceof SetValue || value instanceof SortedSetValue)) {
      throw wrongType();
    }
    return { value, weight: 1 };
  });
}

function combine(sources: readonly Source[], operation: Operation, aggregate: Aggregate): Scored[] {
  const total = new Map<string, number>();
  if (operation === "diff") {
    const [first, ...others] = sources;
    for (const { member, score } of scoredOf(first!)) {
      if (!others.some(({ value }) => holds(value, member))) total.set(member, score);
    }
  } else {
    if (operation === "inter" && sources.some(({ value }) => value === undefined)) return [];
    for (const source of sources) {
      for (const { member, score } of scoredOf(source)) {
        if (operation === "inter" && !sources.every(({ value }) => holds(value, member))) continue;
        const before = total.get(member);
        total.set(member, before === undefined ? score : aggregated(before, score, aggregate));
      }
    }
  }
  return [...total].map(([member, score]) => ({ member, score }));
}

function scoredOf({ value, weight }: Source): Scored[] {
  if (value === undefined) return [];
  const items =
    value instanceof SetValue ? value.members().map((member) => ({ member, score: 1 })) : value.items();
  return items.map(({ member, score }) => ({ member, score: number(score * weight) }));
}

function holds(value: SetValue | SortedSetValue | undefined, member: string): boolean {
  if (value === undefined) return false;
  return value instanceof SetValue ? value.has(member) : value.score(member) !== undefined;
}

function aggregated(a: number, b: number, aggregate: Aggregate): number {
  if (aggregate === "min") return Math.min(a, b);
  return aggregate === "max" ? Math.max(a, b) : number(a + b);
}

/** Infinity times 0, and infinity less infinity, are 0 here (zunionInterAggregate). */
function number(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

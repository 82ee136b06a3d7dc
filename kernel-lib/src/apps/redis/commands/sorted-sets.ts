import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { sortedSetLimits } from "../limits.js";
import { formatDouble } from "../numbers.js";
import { Double, type Reply } from "../reply.js";
import { readCursor, readScanOptions, scanReply, scanStep } from "../scan.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { combineCommands } from "./sorted-set-combine.js";
import { rangeCommands } from "./sorted-set-range.js";
import { takeCommands } from "./sorted-set-take.js";

/** Sorted sets. Source: Redis 7.0, t_zset.c. */
export function sortedSetsFamily(): Family {
  return {
    commands: {
      zadd: (call) => zadd(call, false),
      zincrby: (call) => zadd(call, true),
      zrem,
      zscore: (call) => {
        const set = call.read(call.arg(1), SortedSetValue);
        return scoreReply(set?.score(call.arg(2)));
      },
      zmscore: (call) => {
        const set = call.read(call.arg(1), SortedSetValue);
        return call.args.slice(2).map((member) => scoreReply(set?.score(member)));
      },
      zcard: (call) => call.read(call.arg(1), SortedSetValue)?.size ?? 0,
      zrank: (call) => call.read(call.arg(1), SortedSetValue)?.rank(call.arg(2)) ?? null,
      zrevrank: (call) => {
        const set = call.read(call.arg(1), SortedSetValue);
        const rank = set?.rank(call.arg(2));
        return rank === undefined ? null : set!.size - 1 - rank;
      },
      zscan,
      ...rangeCommands,
      ...combineCommands,
      ...takeCommands,
    },
  };
}

function scoreReply(score: number | undefined): Reply {
  return score === undefined ? null : new Double(score);
}

interface AddOptions {
  readonly flags: ReadonlySet<string>;
  /** Where the first score is. */
  readonly from: number;
}

function readAddOptions(call: Call, increment: boolean): AddOptions {
  const flags = new Set<string>(increment ? ["incr"] : []);
  let from = 2;
  while (!increment && ["nx", "xx", "ch", "incr", "gt", "lt"].includes(call.word(from))) {
    flags.add(call.word(from++));
  }
  const rest = call.count - from;
  if (rest === 0 || rest % 2 === 1) throw syntaxError();
  const has = (flag: string) => flags.has(flag);
  if (has("nx") && has("xx")) throw error("XX and NX options at the same time are not compatible");
  if ((has("gt") && has("nx")) || (has("lt") && has("nx")) || (has("gt") && has("lt"))) {
    throw error("GT, LT, and/or NX options at the same time are not compatible");
  }
  if (has("incr") && rest > 2) throw error("INCR option supports a single increment-element pair");
  return { flags, from };
}

function zadd(call: Call, increment: boolean): Reply {
  const { flags, from } = readAddOptions(call, increment);
  const pairs: { member: string; score: number }[] = [];
  for (let i = from; i < call.count; i += 2) pairs.push({ score: call.double(i), member: call.arg(i + 1) });
  const key = call.arg(1);
  let set = call.find(key, SortedSetValue);
  if (set === undefined) {
    if (flags.has("xx")) return flags.has("incr") ? null : 0;
    set = new SortedSetValue();
    call.keys.set(key, set);
  }
  let [added, updated] = [0, 0];
  let score: number | null = null;
  try {
    for (const pair of pairs) {
      const result = addOne(call, set, pair, flags);
      if (result.outcome === "added") added++;
      if (result.outcome === "updated") updated++;
      score = result.outcome === "none" ? score : result.score;
    }
  } finally {
    if (added + updated > 0) call.changed(key, "z", flags.has("incr") ? "zincr" : "zadd", added + updated);
    if (set.size === 0) call.keys.delete(key);
  }
  if (flags.has("incr")) return score === null ? null : new Double(score);
  return flags.has("ch") ? added + updated : added;
}

interface Added {
  readonly outcome: "added" | "updated" | "same" | "none";
  readonly score: number;
}

function addOne(
  call: Call,
  set: SortedSetValue,
  { member, score: given }: { readonly member: string; readonly score: number },
  flags: ReadonlySet<string>,
): Added {
  const limits = sortedSetLimits(call.engine);
  const current = set.score(member);
  if (current === undefined) {
    if (flags.has("xx")) return { outcome: "none", score: given };
    set.set(member, given, limits);
    return { outcome: "added", score: given };
  }
  if (flags.has("nx")) return { outcome: "none", score: current };
  const score = flags.has("incr") ? current + given : given;
  if (Number.isNaN(score)) throw error("resulting score is not a number (NaN)");
  if ((flags.has("lt") && score >= current) || (flags.has("gt") && score <= current)) {
    return { outcome: "none", score: current };
  }
  if (score === current) return { outcome: "same", score };
  set.set(member, score, limits);
  return { outcome: "updated", score };
}

function zrem(call: Call): Reply {
  const key = call.arg(1);
  const set = call.find(key, SortedSetValue);
  if (set === undefined) return 0;
  const gone = call.args.slice(2).filter((member) => set.delete(member)).length;
  if (gone > 0) call.changed(key, "z", "zrem", gone);
  if (set.size === 0) call.remove(key);
  return gone;
}

function zscan(call: Call): Reply {
  const cursor = readCursor(call.arg(2));
  const set = call.read(call.arg(1), SortedSetValue);
  if (set === undefined) return scanReply(0, []);
  const options = readScanOptions(call, 3);
  const names = () => set.items().map(({ member }) => member);
  const step = scanStep(set, cursor, options, names, set.encoding === "listpack");
  return scanReply(
    step.cursor,
    step.names.flatMap((member) => [member, formatDouble(set.score(member)!)]),
  );
}

import { lower } from "./byte-text.js";
import type { CommandSpec, KeySpec } from "./command-table.js";
import { readInteger } from "./numbers.js";

/** A key among a command's words. */
export interface FoundKey {
  readonly index: number;
  /** RW, RO, access, update … */
  readonly flags: readonly string[];
}

/**
 * The keys that a command names, in the order of its specifications; null if they cannot be told (a count is no number, a word is missing).
 * Source: Redis 7.0, db.c getKeysUsingKeySpecs and the functions of single commands beside it.
 */
export function findKeys(spec: CommandSpec, args: readonly string[]): FoundKey[] | null {
  const found: FoundKey[] = [];
  for (const key of spec.keys) {
    const flags = flagsOf(spec, key, args);
    const indexes = indexesOf(key, args);
    if (indexes === null) return null;
    for (const index of indexes) found.push({ index, flags });
  }
  if (spec.name === "sort") addStore(found, args, 2);
  // MIGRATE has its key in one place, or with an empty word there, all of them at the end.
  if (spec.name === "migrate") return args[3] === "" ? found.slice(1) : found.slice(0, 1);
  return found;
}

/** Flags that depend on the options. */
function flagsOf(spec: CommandSpec, key: KeySpec, args: readonly string[]): readonly string[] {
  const words = args.slice(2).map(lower);
  if (spec.name === "set")
    return words.slice(1).includes("get") ? ["RW", "access", "update"] : ["OW", "update"];
  if (spec.name === "bitfield") {
    const writes = words.some((word) => word === "set" || word === "incrby");
    return writes ? ["RW", "access", "update"] : ["RO", "access"];
  }
  return key.flags.filter((flag) => flag !== "variable_flags");
}

function indexesOf({ begin, find }: KeySpec, args: readonly string[]): number[] | null {
  const first = begin.type === "index" ? begin.index : begin.type === "keyword" ? keyword(begin, args) : 0;
  if (first === 0 || first >= args.length) return [];
  if (find.type === "unknown") return [];
  if (find.type === "range") {
    const left = find.limit > 1 ? Math.floor((args.length - first) / find.limit) : args.length - first;
    const last =
      find.last >= 0 ? first + find.last : find.limit > 1 ? first + left - 1 : args.length + find.last;
    return last >= args.length ? null : stepped(first, last, find.step);
  }
  const count = readInteger(args[first + find.at] ?? "");
  if (count === null || count < 0n) return null;
  if (count === 0n) return [];
  const last = first + find.first + (Number(count) - 1) * find.step;
  return last >= args.length ? null : stepped(first + find.first, last, find.step);
}

function stepped(first: number, last: number, step: number): number[] {
  const indexes: number[] = [];
  for (let index = first; index <= last; index += step) indexes.push(index);
  return indexes;
}

/** The place behind a keyword, which is looked for from a place on, or backwards from the end; 0 if it is missing. */
function keyword(
  { keyword: word, from }: { readonly keyword: string; readonly from: number },
  args: readonly string[],
): number {
  const wanted = lower(word);
  if (from >= 0) {
    const index = args.findIndex((arg, i) => i >= from && lower(arg) === wanted);
    return index + 1;
  }
  for (let i = args.length + from; i > 0; i--) if (lower(args[i]!) === wanted) return i + 1;
  return 0;
}

function addStore(found: FoundKey[], args: readonly string[], from: number): void {
  for (let i = from; i < args.length - 1; i++) {
    if (lower(args[i]!) === "store") found.push({ index: ++i, flags: ["OW", "update"] });
    else if (["by", "get"].includes(lower(args[i]!))) i++;
    else if (lower(args[i]!) === "limit") i += 2;
  }
}

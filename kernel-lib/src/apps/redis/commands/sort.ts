import { compareBytes } from "../byte-text.js";
import type { Call } from "../call.js";
import { error, syntaxError, wrongType } from "../errors.js";
import { HashValue } from "../hash-value.js";
import { ListValue } from "../list-value.js";
import { readDouble } from "../numbers.js";
import type { Reply } from "../reply.js";
import { SetValue } from "../set-value.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { StringValue } from "../string-value.js";

interface SortOptions {
  readonly descending: boolean;
  readonly alpha: boolean;
  readonly by: string | null;
  readonly gets: readonly string[];
  readonly start: number;
  /** Items, -1 for all. */
  readonly limit: number;
  readonly store: string | null;
}

/** Sorts a list, set or sorted set by itself or by other keys. Source: Redis 7.0, sort.c. */
export function sort(call: Call): Reply {
  return sorted(call, readOptions(call, true));
}

export function sortReadOnly(call: Call): Reply {
  return sorted(call, readOptions(call, false));
}

function readOptions(call: Call, mayStore: boolean): SortOptions {
  const options = {
    descending: false,
    alpha: false,
    by: null as string | null,
    gets: [] as string[],
    start: 0,
    limit: -1,
    store: null as string | null,
  };
  for (let i = 2; i < call.count; i++) {
    const word = call.word(i);
    const left = call.count - i - 1;
    if (word === "asc") options.descending = false;
    else if (word === "desc") options.descending = true;
    else if (word === "alpha") options.alpha = true;
    else if (word === "limit" && left >= 2) {
      options.start = call.integer(++i);
      options.limit = call.integer(++i);
    } else if (word === "store" && left >= 1 && mayStore) options.store = call.arg(++i);
    else if (word === "by" && left >= 1) options.by = call.arg(++i);
    else if (word === "get" && left >= 1) options.gets.push(call.arg(++i));
    else throw syntaxError();
  }
  return options;
}

function sorted(call: Call, options: SortOptions): Reply {
  const value = call.keys.get(call.arg(1));
  if (
    value !== undefined &&
    !(value instanceof ListValue || value instanceof SetValue || value instanceof SortedSetValue)
  ) {
    throw wrongType();
  }
  // Redis walks a sorted set in its large form only, and leaves it so.
  if (value instanceof SortedSetValue) value.encoding = "skiplist";
  let items = value === undefined ? [] : itemsOf(value);
  // A pattern without a star names one key for all: then nothing is sorted, but a set that is stored has to have an order.
  const still = options.by !== null && !options.by.includes("*");
  const storedSet = still && options.store !== null && value instanceof SetValue;
  if (storedSet) items = sortItems(call, items, { ...options, alpha: true, by: null });
  else if (!still) items = sortItems(call, items, options);
  else if (options.descending && value instanceof SortedSetValue) items = items.reverse();
  const { start, end } = window(items.length, options);
  const chosen = items.slice(start, end);
  const results = options.gets.length === 0 ? chosen : chosen.flatMap((item) => fetched(call, item, options));
  return options.store === null ? results : storeResults(call, options.store, results);
}

function itemsOf(value: ListValue | SetValue | SortedSetValue): string[] {
  if (value instanceof ListValue) return value.toArray();
  if (value instanceof SetValue) return [...value.members()];
  return value.items().map(({ member }) => member);
}

function sortItems(call: Call, items: readonly string[], options: SortOptions): string[] {
  const keyed = items.map((item) => {
    const text = options.by === null ? item : lookUp(call, options.by, item);
    return { item, text, score: options.alpha ? 0 : scoreOf(text) };
  });
  keyed.sort((a, b) => {
    const order = options.alpha
      ? a.text === null || b.text === null
        ? Number(a.text !== null) - Number(b.text !== null)
        : compareBytes(a.text, b.text)
      : a.score - b.score || compareBytes(a.item, b.item);
    return options.descending ? -order : order;
  });
  return keyed.map(({ item }) => item);
}

function scoreOf(text: string | null): number {
  if (text === null) return 0;
  const value = readDouble(text.trimStart());
  if (value === null && text !== "") throw error("One or more scores can't be converted into double");
  return value ?? 0;
}

function window(length: number, { start, limit }: SortOptions): { start: number; end: number } {
  const from = Math.max(0, start);
  return { start: from, end: limit < 0 ? length : Math.min(length, from + limit) };
}

function fetched(call: Call, item: string, { gets }: SortOptions): (string | null)[] {
  return gets.map((pattern) => lookUp(call, pattern, item));
}

/** The value that a pattern (`weight_*`, `object_*->field`) names for an item; `#` is the item itself. */
function lookUp(call: Call, pattern: string, item: string): string | null {
  if (pattern === "#") return item;
  const star = pattern.indexOf("*");
  if (star < 0) return null;
  const arrow = pattern.indexOf("->", star + 1);
  const withField = arrow >= 0 && arrow + 2 < pattern.length;
  const name = pattern.slice(0, withField ? arrow : undefined);
  const value = call.keys.get(name.slice(0, star) + item + name.slice(star + 1));
  if (withField) return value instanceof HashValue ? (value.get(pattern.slice(arrow + 2)) ?? null) : null;
  return value instanceof StringValue ? value.text : null;
}

function storeResults(call: Call, key: string, results: readonly (string | null)[]): Reply {
  if (results.length === 0) {
    call.remove(key);
    return 0;
  }
  call.store(key, new ListValue(results.map((text) => text ?? "")), "l", "sortstore", false);
  return results.length;
}

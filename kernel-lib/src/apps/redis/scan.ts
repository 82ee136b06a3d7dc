import { hashText } from "../../sim/random.js";
import type { Call } from "./call.js";
import { error, notInteger, syntaxError } from "./errors.js";
import { globMatches } from "./glob.js";
import { readInteger } from "./numbers.js";
import type { Reply } from "./reply.js";

/** What is gone through: its version goes up when a name comes or goes. */
export interface Scanned {
  readonly version: number;
}

export interface ScanOptions {
  readonly count: number;
  readonly pattern: string | null;
  /** TYPE's word, of SCAN only. */
  readonly type: string | null;
}

interface Order {
  readonly version: number;
  readonly names: readonly { readonly name: string; readonly hash: number }[];
}

/** The orders made last: a scan asks again and again while little changes. */
const orders = new WeakMap<object, Order>();

/** Reads a cursor as strtoul does. */
export function readCursor(text: string): number {
  const digits = /^\+?([0-9]+)$/.exec(text)?.[1];
  if (digits === undefined || BigInt(digits) >= 2n ** 64n) throw error("invalid cursor");
  return Number(digits);
}

/** COUNT, MATCH and, for SCAN, TYPE. */
export function readScanOptions(call: Call, from: number, withType = false): ScanOptions {
  let count = 10;
  let pattern: string | null = null;
  let type: string | null = null;
  for (let i = from; i < call.count; i += 2) {
    const last = i + 1 >= call.count;
    if (call.word(i) === "count" && !last) {
      count = readCount(call.arg(i + 1));
    } else if (call.word(i) === "match" && !last) pattern = call.arg(i + 1);
    else if (call.word(i) === "type" && withType && !last) type = call.word(i + 1);
    else throw syntaxError();
  }
  return { count, pattern: pattern === "*" ? null : pattern, type };
}

function readCount(text: string): number {
  const value = readInteger(text);
  if (value === null) throw notInteger();
  if (value < 1n) throw syntaxError();
  return Number(value);
}

/**
 * One step of a scan: names with a hash from the cursor on. A name's hash never changes, so that whatever is there from a scan's beginning to its end is told exactly once,
 * however much else comes and goes. A small collection is told at once. Divergence: Redis' cursors are other numbers, and it may tell a name twice while its table grows.
 */
export function scanStep(
  source: Scanned,
  cursor: number,
  { count, pattern }: ScanOptions,
  all: () => Iterable<string>,
  small = false,
): { readonly cursor: number; readonly names: string[] } {
  const fits = (name: string) => pattern === null || globMatches(pattern, name);
  if (small) return { cursor: 0, names: [...all()].filter(fits) };
  const { names } = orderOf(source, all);
  let at = firstAt(names, cursor);
  const end = at + count;
  const found: string[] = [];
  let last = -1;
  while (at < names.length && (at < end || names[at]!.hash === last)) {
    const { name, hash } = names[at++]!;
    last = hash;
    if (fits(name)) found.push(name);
  }
  return { cursor: at < names.length ? names[at]!.hash : 0, names: found };
}

export function scanReply(cursor: number, items: readonly Reply[]): Reply {
  return [String(cursor), items];
}

function orderOf(source: Scanned, all: () => Iterable<string>): Order {
  const known = orders.get(source);
  if (known?.version === source.version) return known;
  const names = [...all()].map((name) => ({ name, hash: hashOf(name) }));
  names.sort((a, b) => a.hash - b.hash || (a.name < b.name ? -1 : 1));
  const order = { version: source.version, names };
  orders.set(source, order);
  return order;
}

/** Never 0, which is a scan's beginning and end. */
function hashOf(name: string): number {
  return (hashText(name) >>> 0) + 1;
}

function firstAt(names: Order["names"], cursor: number): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]!.hash < cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

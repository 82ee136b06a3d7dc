import { atLeastOne, positive, signed, span } from "../arguments.js";
import type { Call } from "../call.js";
import { noSuchKey, outOfRange, syntaxError, wrongArity, wrongType } from "../errors.js";
import type { Family } from "../family.js";
import { ListValue } from "../list-value.js";
import { NIL_ARRAY, OK, type Reply } from "../reply.js";
import { lpos } from "./lpos.js";

/** An end of a list. */
export type ListEnd = "left" | "right";

/** Lists; those commands that wait are elsewhere. Source: Redis 7.0, t_list.c. */
export function listsFamily(): Family {
  return {
    commands: {
      lpush: (call) => push(call, "left"),
      rpush: (call) => push(call, "right"),
      lpushx: (call) => push(call, "left", true),
      rpushx: (call) => push(call, "right", true),
      lpop: (call) => pop(call, "left"),
      rpop: (call) => pop(call, "right"),
      llen: (call) => call.read(call.arg(1), ListValue)?.length ?? 0,
      lrange,
      lindex,
      lset,
      linsert,
      lrem,
      ltrim,
      lpos,
      lmove: (call) => moveItem(call, call.arg(1), call.arg(2), readEnd(call, 3), readEnd(call, 4)),
      rpoplpush: (call) => moveItem(call, call.arg(1), call.arg(2), "right", "left"),
      lmpop: (call) => popFromFirst(call, 1) ?? NIL_ARRAY,
    },
  };
}

function push(call: Call, end: ListEnd, onlyIfThere = false): Reply {
  const key = call.arg(1);
  const list = call.find(key, ListValue);
  if (list === undefined && onlyIfThere) return 0;
  const items = call.args.slice(2);
  return pushItems(call, key, end, items);
}

/** Appends items to a list that comes into being if need be; gives its new length. */
export function pushItems(call: Call, key: string, end: ListEnd, items: readonly string[]): number {
  let list = call.find(key, ListValue);
  if (list === undefined) {
    list = new ListValue();
    call.keys.set(key, list);
  }
  for (const item of items) {
    if (end === "left") list.pushLeft(item);
    else list.pushRight(item);
  }
  call.changed(key, "l", end === "left" ? "lpush" : "rpush", items.length);
  return list.length;
}

/** Takes up to `count` items from an end; a list without items is no more. */
export function popItems(call: Call, key: string, list: ListValue, end: ListEnd, count: number): string[] {
  const items: string[] = [];
  while (items.length < count && list.length > 0) {
    items.push((end === "left" ? list.popLeft() : list.popRight())!);
  }
  call.changed(key, "l", end === "left" ? "lpop" : "rpop", items.length);
  if (list.length === 0) call.remove(key);
  return items;
}

function pop(call: Call, end: ListEnd): Reply {
  if (call.count > 3) throw wrongArity(call.spec.name);
  const count = call.count === 3 ? positive(call, 2) : null;
  const key = call.arg(1);
  const list = call.find(key, ListValue);
  if (list === undefined) return count === null ? null : NIL_ARRAY;
  if (count === 0) return [];
  const items = popItems(call, key, list, end, count ?? 1);
  return count === null ? items[0]! : items;
}

function lrange(call: Call): Reply {
  const [start, end] = [call.integer(2), call.integer(3)];
  const list = call.read(call.arg(1), ListValue);
  return list === undefined ? [] : list.slice(...span(start, end, list.length));
}

function lindex(call: Call): Reply {
  const list = call.read(call.arg(1), ListValue);
  return list === undefined ? null : (list.at(call.integer(2)) ?? null);
}

function lset(call: Call): Reply {
  const key = call.arg(1);
  const list = call.find(key, ListValue);
  if (list === undefined) throw noSuchKey();
  if (!list.replace(call.integer(2), call.arg(3))) throw outOfRange();
  call.changed(key, "l", "lset");
  return OK;
}

function linsert(call: Call): Reply {
  const where = call.word(2);
  if (where !== "before" && where !== "after") throw syntaxError();
  const key = call.arg(1);
  const list = call.find(key, ListValue);
  if (list === undefined) return 0;
  const place = list.toArray().indexOf(call.arg(3));
  if (place < 0) return -1;
  list.insert(where === "before" ? place : place + 1, call.arg(4));
  call.changed(key, "l", "linsert");
  return list.length;
}

function lrem(call: Call): Reply {
  const count = signed(call, 2);
  const [key, item] = [call.arg(1), call.arg(3)];
  const list = call.find(key, ListValue);
  if (list === undefined) return 0;
  const items = list.toArray();
  if (count < 0) items.reverse();
  let left = count === 0 ? Infinity : Math.abs(count);
  const kept = items.filter((one) => one !== item || left-- <= 0);
  const gone = items.length - kept.length;
  if (gone === 0) return 0;
  list.assign(count < 0 ? kept.reverse() : kept);
  call.changed(key, "l", "lrem", gone);
  if (list.length === 0) call.remove(key);
  return gone;
}

function ltrim(call: Call): Reply {
  const [start, end] = [call.integer(2), call.integer(3)];
  const key = call.arg(1);
  const list = call.find(key, ListValue);
  if (list === undefined) return OK;
  const kept = list.slice(...span(start, end, list.length));
  const gone = list.length - kept.length;
  if (gone > 0) list.assign(kept);
  call.changed(key, "l", "ltrim", gone);
  if (list.length === 0) call.remove(key);
  return OK;
}

export function readEnd(call: Call, index: number): ListEnd {
  const end = call.word(index);
  if (end !== "left" && end !== "right") throw syntaxError();
  return end;
}

/** Moves an item from an end of one list to an end of another; null if there is none. */
export function moveItem(call: Call, source: string, target: string, from: ListEnd, to: ListEnd): Reply {
  const list = call.find(source, ListValue);
  if (list === undefined) return null;
  if (call.find(target, ListValue) === undefined && call.keys.has(target)) throw wrongType();
  if (source === target) {
    const item = (from === "left" ? list.popLeft() : list.popRight())!;
    if (to === "left") list.pushLeft(item);
    else list.pushRight(item);
    call.changed(source, "l", to === "left" ? "lpush" : "rpush");
    call.engine.notify(call.keys, "l", from === "left" ? "lpop" : "rpop", source);
    return item;
  }
  const [item = ""] = popItems(call, source, list, from, 1);
  pushItems(call, target, to, [item]);
  return item;
}

/** LMPOP's arguments from the number of keys on: an answer, or null if all the lists are empty. */
export function popFromFirst(call: Call, at: number): Reply {
  const { keys, end, count } = readPopArguments(call, at);
  for (const key of keys) {
    const list = call.find(key, ListValue);
    if (list !== undefined) return [key, popItems(call, key, list, end, count)];
  }
  return null;
}

export interface PopArguments {
  readonly keys: readonly string[];
  readonly end: ListEnd;
  readonly count: number;
}

/** `numkeys key … LEFT|RIGHT [COUNT n]`. */
export function readPopArguments(call: Call, at: number): PopArguments {
  const number = atLeastOne(call, at, "numkeys should be greater than 0");
  const where = at + number + 1;
  if (where >= call.count) throw syntaxError();
  const end = readEnd(call, where);
  let count: number | null = null;
  for (let i = where + 1; i < call.count; i++) {
    if (count !== null || call.word(i) !== "count" || i + 1 >= call.count) throw syntaxError();
    count = atLeastOne(call, ++i, "count should be greater than 0");
  }
  return { keys: call.args.slice(at + 1, where), end, count: count ?? 1 };
}

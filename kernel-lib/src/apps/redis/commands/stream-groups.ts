import type { Call } from "../call.js";
import { error } from "../errors.js";
import type { Handler } from "../family.js";
import { Mapping, OK, RedisError, type Reply } from "../reply.js";
import { badId, compareIds, formatId, parseId, type StreamId, ZERO_ID } from "../stream-id.js";
import { type Consumer, type Group, StreamValue } from "../stream-value.js";

const NO_KEY =
  "The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.";

/** Groups: making, moving and ending them, and what XINFO tells. */
export const groupCommands: Readonly<Record<string, Handler>> = {
  "xgroup|create": create,
  "xgroup|setid": setGroupId,
  "xgroup|destroy": destroy,
  "xgroup|createconsumer": createConsumer,
  "xgroup|delconsumer": deleteConsumer,
  "xinfo|stream": infoStream,
  "xinfo|groups": infoGroups,
  "xinfo|consumers": infoConsumers,
};

export function noGroup(key: string, group: string): RedisError {
  return new RedisError(`NOGROUP No such key '${key}' or consumer group '${group}'`);
}

function badSubcommand(name: string): RedisError {
  return error(`unknown subcommand or wrong number of arguments for '${name}'. Try XGROUP HELP.`);
}

/** The stream and the group that XGROUP names. */
function groupAt(call: Call): { readonly stream: StreamValue; readonly group: Group } {
  const stream = streamAt(call);
  const group = stream.groups.get(call.arg(3));
  if (group === undefined)
    throw new RedisError(`NOGROUP No such consumer group '${call.arg(3)}' for key name '${call.arg(2)}'`);
  return { stream, group };
}

function streamAt(call: Call): StreamValue {
  const stream = call.find(call.arg(2), StreamValue);
  if (stream === undefined) throw error(NO_KEY);
  return stream;
}

/** ENTRIESREAD, at a place. */
function readEntriesRead(call: Call, index: number): bigint {
  const value = call.long(index);
  if (value < -1n) throw error("value for ENTRIESREAD must be positive or -1");
  return value;
}

function create(call: Call): Reply {
  let makes = false;
  let read: bigint | null = null;
  for (let i = 5; i < call.count; i++) {
    if (call.word(i) === "mkstream") makes = true;
    else if (call.word(i) === "entriesread" && i + 1 < call.count) {
      const value = readEntriesRead(call, ++i);
      read = value < 0n ? null : value;
    } else throw badSubcommand("create");
  }
  const key = call.arg(2);
  let stream = call.find(key, StreamValue);
  if (stream === undefined) {
    if (!makes) throw error(NO_KEY);
    stream = new StreamValue();
  }
  const lastId = groupStart(stream, call.arg(4));
  if (stream.groups.has(call.arg(3))) throw new RedisError("BUSYGROUP Consumer Group name already exists");
  if (!call.keys.has(key)) call.keys.set(key, stream);
  stream.groups.set(call.arg(3), {
    name: call.arg(3),
    lastId,
    read,
    pending: [],
    consumers: new Map(),
  });
  call.changed(key, "t", "xgroup-create");
  return OK;
}

function groupStart(stream: StreamValue, text: string): StreamId {
  if (text === "$") return stream.lastId;
  const id = parseId(text);
  if (id === null) throw badId();
  return id;
}

function setGroupId(call: Call): Reply {
  let read: bigint | null = null;
  if (call.count > 5) {
    if (call.count !== 7 || call.word(5) !== "entriesread") throw badSubcommand("setid");
    const value = readEntriesRead(call, 6);
    read = value < 0n ? null : value;
  }
  const { stream, group } = groupAt(call);
  group.lastId = groupStart(stream, call.arg(4));
  group.read = read;
  call.changed(call.arg(2), "t", "xgroup-setid");
  return OK;
}

function destroy(call: Call): Reply {
  if (!streamAt(call).groups.delete(call.arg(3))) return 0;
  call.changed(call.arg(2), "t", "xgroup-destroy");
  return 1;
}

function createConsumer(call: Call): Reply {
  const { group } = groupAt(call);
  if (group.consumers.has(call.arg(4))) return 0;
  consumerOf(call, call.arg(2), group, call.arg(4));
  return 1;
}

function deleteConsumer(call: Call): Reply {
  const { group } = groupAt(call);
  const consumer = group.consumers.get(call.arg(4));
  if (consumer === undefined) return 0;
  const kept = group.pending.filter((one) => one.consumer !== consumer);
  const gone = group.pending.length - kept.length;
  group.pending.splice(0, group.pending.length, ...kept);
  group.consumers.delete(consumer.name);
  call.changed(call.arg(2), "t", "xgroup-delconsumer");
  return gone;
}

/** The consumer of that name, made if need be; it counts as seen. */
export function consumerOf(call: Call, key: string, group: Group, name: string): Consumer {
  let consumer = group.consumers.get(name);
  if (consumer === undefined) {
    consumer = { name, seenAt: call.now, pending: 0 };
    group.consumers.set(name, consumer);
    call.changed(key, "t", "xgroup-createconsumer");
  }
  consumer.seenAt = call.now;
  return consumer;
}

/** Whether an entry behind `from` has been deleted (streamRangeHasTombstones). */
export function hasHoles({ length, largestDeleted }: StreamValue, from: StreamId): boolean {
  if (length === 0 || compareIds(largestDeleted, ZERO_ID) === 0) return false;
  return compareIds(from, largestDeleted) <= 0;
}

/** How many entries came up to `id`, as far as it can be told (streamEstimateDistanceFromFirstEverEntry). */
export function estimatedRead(stream: StreamValue, id: StreamId): bigint | null {
  const { added, lastId, largestDeleted, entries } = stream;
  const first = entries[0]?.id;
  if (added === 0n) return 0n;
  if (first === undefined && compareIds(id, lastId) < 1) return added;
  const place = compareIds(id, lastId);
  if (place === 0) return added;
  if (place > 0 || first === undefined) return null;
  if (compareIds(largestDeleted, ZERO_ID) !== 0 && compareIds(largestDeleted, first) >= 0) return null;
  const before = added - BigInt(entries.length);
  const from = compareIds(id, first);
  return from < 0 ? before : from === 0 ? before + 1n : null;
}

/** An entry is given to a consumer. */
export function addPending(group: Group, consumer: Consumer, id: StreamId, now: number): void {
  const known = group.pending.find((one) => compareIds(one.id, id) === 0);
  if (known !== undefined) {
    known.consumer.pending--;
    Object.assign(known, { consumer, deliveredAt: now, deliveries: 1 });
  } else {
    const place = group.pending.findIndex((one) => compareIds(one.id, id) > 0);
    const pending = { id, consumer, deliveredAt: now, deliveries: 1 };
    group.pending.splice(place < 0 ? group.pending.length : place, 0, pending);
  }
  consumer.pending++;
}

function infoAt(call: Call): StreamValue {
  const stream = call.read(call.arg(2), StreamValue);
  if (stream === undefined) throw error("no such key");
  return stream;
}

function infoStream(call: Call): Reply {
  if (call.count > 3) throw error("XINFO STREAM FULL is not supported here");
  const stream = infoAt(call);
  const entry = (index: number): Reply => {
    const found = stream.entries.at(index);
    return found === undefined ? null : [formatId(found.id), found.fields];
  };
  return new Mapping([
    ["length", stream.length],
    ["radix-tree-keys", Math.ceil(stream.length / 100)],
    ["radix-tree-nodes", stream.length === 0 ? 1 : 2],
    ["last-generated-id", formatId(stream.lastId)],
    ["max-deleted-entry-id", formatId(stream.largestDeleted)],
    ["entries-added", stream.added],
    ["recorded-first-entry-id", formatId(stream.entries[0]?.id ?? ZERO_ID)],
    ["groups", stream.groups.size],
    ["first-entry", entry(0)],
    ["last-entry", entry(-1)],
  ]);
}

function infoGroups(call: Call): Reply {
  const stream = infoAt(call);
  return sorted(stream.groups).map(
    (group) =>
      new Mapping([
        ["name", group.name],
        ["consumers", group.consumers.size],
        ["pending", group.pending.length],
        ["last-delivered-id", formatId(group.lastId)],
        ["entries-read", group.read],
        ["lag", lagOf(stream, group)],
      ]),
  );
}

/** By name, as a radix tree holds them. */
function sorted<T>(all: ReadonlyMap<string, T>): T[] {
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Entries that the group has yet to read; null where deletions make it unknown. */
function lagOf(stream: StreamValue, group: Group): Reply {
  if (stream.added === 0n) return 0;
  const read =
    group.read !== null && !hasHoles(stream, group.lastId) ? group.read : estimatedRead(stream, group.lastId);
  return read === null ? null : stream.added - read;
}

function infoConsumers(call: Call): Reply {
  const stream = infoAt(call);
  const group = stream.groups.get(call.arg(3));
  if (group === undefined)
    throw new RedisError(`NOGROUP No such consumer group '${call.arg(3)}' for key name '${call.arg(2)}'`);
  return sorted(group.consumers).map(
    ({ name, pending, seenAt }) =>
      new Mapping([
        ["name", name],
        ["pending", pending],
        ["idle", Math.max(0, Math.floor(call.now - seenAt))],
      ]),
  );
}

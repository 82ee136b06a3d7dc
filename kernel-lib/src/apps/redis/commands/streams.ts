import type { Call } from "../call.js";
import { error, syntaxError, wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { NIL_ARRAY, OK, type Reply } from "../reply.js";
import {
  badId,
  compareIds,
  formatId,
  nextId,
  parseId,
  rangeEnd,
  type StreamId,
  ZERO_ID,
} from "../stream-id.js";
import { type StreamEntry, StreamValue } from "../stream-value.js";
import { groupCommands } from "./stream-groups.js";
import { pendingCommands } from "./stream-pending.js";
import { readCommands } from "./stream-read.js";
import { readTrim, type Trim, trimStream } from "./stream-trim.js";

/** Streams with their groups. Source: Redis 7.0, t_stream.c. */
export function streamsFamily(): Family {
  return {
    commands: {
      xadd,
      xlen: (call) => call.read(call.arg(1), StreamValue)?.length ?? 0,
      xrange: (call) => range(call, false),
      xrevrange: (call) => range(call, true),
      xdel: remove,
      xtrim: trim,
      xsetid: setId,
      ...readCommands,
      ...groupCommands,
      ...pendingCommands,
    },
  };
}

/** An entry as it is answered: its id and its fields. */
export function entryReply({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}

/** The id of an entry, in full or in part (`5-*`, `*`). */
interface WantedId {
  readonly ms: bigint | null;
  readonly seq: bigint | null;
}

function xadd(call: Call): Reply {
  let makes = true;
  let trimming: Trim | null = null;
  let at = 2;
  for (; at < call.count; at++) {
    const word = call.word(at);
    if (word === "nomkstream") makes = false;
    else if (word === "maxlen" || word === "minid") {
      const read = readTrim(call, at);
      trimming = read.trim;
      at = read.last;
    } else break;
  }
  const fields = call.args.slice(at + 1);
  const wanted = at < call.count ? readWanted(call.arg(at)) : { ms: null, seq: null };
  if (fields.length === 0 || fields.length % 2 > 0) throw wrongArity("xadd");
  if (wanted.ms === 0n && wanted.seq === 0n) throw error("The ID specified in XADD must be greater than 0-0");
  const key = call.arg(1);
  let stream = call.find(key, StreamValue);
  if (stream === undefined) {
    if (!makes) return null;
    stream = new StreamValue();
  }
  const id = newId(call, stream, wanted);
  if (!call.keys.has(key)) call.keys.set(key, stream);
  stream.append({ id, fields });
  call.changed(key, "t", "xadd");
  if (trimming !== null && trimStream(stream, trimming) > 0) call.changed(key, "t", "xtrim");
  return formatId(id);
}

function readWanted(text: string): WantedId {
  if (text === "*") return { ms: null, seq: null };
  const open = /^(\d+)-\*$/.exec(text);
  const id = parseId(open === null ? text : open[1]!);
  if (id === null) throw badId();
  return open === null ? id : { ms: id.ms, seq: null };
}

function newId(call: Call, stream: StreamValue, wanted: WantedId): StreamId {
  const { lastId } = stream;
  let id: StreamId | null;
  if (wanted.ms === null) {
    const now = BigInt(Math.floor(call.now));
    id = now > lastId.ms ? { ms: now, seq: 0n } : nextId(lastId);
  } else if (wanted.seq === null) {
    id = wanted.ms === lastId.ms ? nextId(lastId) : { ms: wanted.ms, seq: 0n };
    if (wanted.ms === 0n && id?.ms === 0n && id.seq === 0n) id = { ms: 0n, seq: 1n };
  } else id = { ms: wanted.ms, seq: wanted.seq };
  if (id === null || compareIds(id, lastId) <= 0)
    throw error("The ID specified in XADD is equal or smaller than the target stream top item");
  return id;
}

function range(call: Call, backwards: boolean): Reply {
  const start = rangeEnd(call.arg(backwards ? 3 : 2), "start");
  const end = rangeEnd(call.arg(backwards ? 2 : 3), "end");
  let count = -1;
  for (let i = 4; i < call.count; i++) {
    if (call.word(i) !== "count" || i + 1 >= call.count) throw syntaxError();
    count = Math.max(0, call.integer(++i));
  }
  const stream = call.read(call.arg(1), StreamValue);
  if (stream === undefined) return [];
  if (count === 0) return NIL_ARRAY;
  const found = stream.range(start, end);
  if (backwards) found.reverse();
  return (count < 0 ? found : found.slice(0, count)).map(entryReply);
}

function readId(call: Call, index: number): StreamId {
  const id = parseId(call.arg(index));
  if (id === null) throw badId();
  return id;
}

function remove(call: Call): Reply {
  const stream = call.find(call.arg(1), StreamValue);
  const ids = call.args.slice(2).map((_, i) => readId(call, i + 2));
  if (stream === undefined) return 0;
  const gone = ids.filter((id) => stream.delete(id)).length;
  if (gone > 0) call.changed(call.arg(1), "t", "xdel", gone);
  return gone;
}

function trim(call: Call): Reply {
  const { trim: how, last } = readTrim(call, 2);
  if (last + 1 < call.count) throw syntaxError();
  const stream = call.find(call.arg(1), StreamValue);
  if (stream === undefined) return 0;
  const gone = trimStream(stream, how);
  if (gone > 0) call.changed(call.arg(1), "t", "xtrim", gone);
  return gone;
}

function setId(call: Call): Reply {
  const id = readId(call, 2);
  let added: bigint | null = null;
  let deleted: StreamId | null = null;
  for (let i = 3; i < call.count; i += 2) {
    if (call.word(i) === "entriesadded" && i + 1 < call.count) {
      added = call.long(i + 1);
      if (added < 0n) throw error("entries_added must be positive");
    } else if (call.word(i) === "maxdeletedid" && i + 1 < call.count) {
      deleted = readId(call, i + 1);
      if (compareIds(id, deleted) < 0)
        throw error("The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
    } else throw syntaxError();
  }
  const stream = call.find(call.arg(1), StreamValue);
  if (stream === undefined) throw error("no such key");
  const top = stream.entries.at(-1)?.id ?? ZERO_ID;
  if (stream.length > 0 && compareIds(id, top) < 0)
    throw error("The ID specified in XSETID is smaller than the target stream top item");
  if (added !== null && BigInt(stream.length) > added)
    throw error("The entries_added specified in XSETID is smaller than the target stream length");
  stream.lastId = id;
  if (added !== null) stream.added = added;
  if (deleted !== null && compareIds(deleted, ZERO_ID) !== 0) stream.largestDeleted = deleted;
  call.changed(call.arg(1), "t", "xsetid");
  return OK;
}

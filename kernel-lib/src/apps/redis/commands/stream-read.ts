import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Handler } from "../family.js";
import { Mapping, NIL_ARRAY, RedisError, type Reply } from "../reply.js";
import { badId, formatId, LAST_ID, nextId, parseId, type StreamId } from "../stream-id.js";
import { type Consumer, type Group, type StreamEntry, StreamValue } from "../stream-value.js";
import { answerOrWait } from "../waiting.js";
import { addPending, consumerOf, estimatedRead, hasHoles, noGroup } from "./stream-groups.js";

/** What XREAD and XREADGROUP ask for. */
interface Reading {
  readonly group: string | null;
  readonly consumer: string;
  readonly noAck: boolean;
  /** Entries of each stream; 0 for all. */
  readonly count: number;
  /** Milliseconds; null: it does not wait. */
  readonly block: number | null;
  readonly keys: readonly string[];
  /** Read what comes after it; null: what was not given to anybody yet (`>`). */
  readonly after: readonly (StreamId | null)[];
}

export const readCommands: Readonly<Record<string, Handler>> = { xread: read, xreadgroup: read };

function read(call: Call): Reply {
  const reading = readArguments(call);
  const attempt = () => {
    const found = reading.keys.flatMap((key, i): [string, Reply][] => {
      const reply = readOne(call, reading, key, reading.after[i]!);
      return reply === null ? [] : [[key, reply]];
    });
    if (found.length === 0) return undefined;
    return call.session.resp === 3 ? new Mapping(found) : found;
  };
  if (reading.block === null) return attempt() ?? NIL_ARRAY;
  return answerOrWait(call, reading.block, NIL_ARRAY, attempt);
}

function readArguments(call: Call): Reading {
  const grouped = call.spec.name === "xreadgroup";
  let [group, consumer]: [string | null, string] = [null, ""];
  let [noAck, count]: [boolean, number] = [false, 0];
  let block: number | null = null;
  let at = 1;
  for (; at < call.count; at++) {
    const word = call.word(at);
    const left = call.count - at - 1;
    if (word === "block" && left > 0) {
      block = call.integer(++at, () => error("timeout is not an integer or out of range"));
      if (block < 0) throw error("timeout is negative");
    } else if (word === "count" && left > 0) count = Math.max(0, call.integer(++at));
    else if (word === "group" && left >= 2) {
      if (!grouped)
        throw error("The GROUP option is only supported by XREADGROUP. You called XREAD instead.");
      group = call.arg(at + 1);
      consumer = call.arg(at + 2);
      at += 2;
    } else if (word === "noack") {
      if (!grouped)
        throw error("The NOACK option is only supported by XREADGROUP. You called XREAD instead.");
      noAck = true;
    } else if (word === "streams" && left > 0) break;
    else throw syntaxError();
  }
  if (at >= call.count) throw syntaxError();
  const rest = call.args.slice(at + 1);
  if (rest.length % 2 > 0)
    throw error(
      `Unbalanced '${call.spec.name}' list of streams: for each stream key an ID or '${grouped ? ">" : "$"}' must be specified.`,
    );
  if (grouped && group === null) throw error("Missing GROUP option for XREADGROUP");
  const keys = rest.slice(0, rest.length / 2);
  const after = rest.slice(keys.length).map((text, i) => startOf(call, keys[i]!, text, group));
  return { group, consumer, noAck, count, block, keys, after };
}

function startOf(call: Call, key: string, text: string, group: string | null): StreamId | null {
  const stream = call.find(key, StreamValue);
  if (group !== null && stream?.groups.get(group) === undefined)
    throw new RedisError(
      `NOGROUP No such key '${key}' or consumer group '${group}' in XREADGROUP with GROUP option`,
    );
  if (text === "$") {
    if (group !== null)
      throw error(
        "The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.",
      );
    return stream?.lastId ?? { ms: 0n, seq: 0n };
  }
  if (text === ">") {
    if (group === null)
      throw error(
        "The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
      );
    return null;
  }
  const id = parseId(text);
  if (id === null) throw badId();
  return id;
}

/** The entries of one stream, or null when there are none. */
function readOne(call: Call, reading: Reading, key: string, after: StreamId | null): Reply {
  const stream = call.find(key, StreamValue);
  if (reading.group === null) {
    const start = nextId(after!);
    const found =
      stream === undefined || start === null ? [] : limited(stream.range(start, LAST_ID), reading);
    return found.length === 0 ? null : found.map(shownEntry);
  }
  const group = stream?.groups.get(reading.group);
  if (stream === undefined || group === undefined) throw noGroup(key, reading.group);
  const consumer = consumerOf(call, key, group, reading.consumer);
  if (after !== null) return history(call, stream, group, consumer, after, reading);
  const start = nextId(group.lastId);
  const found = start === null ? [] : limited(stream.range(start, LAST_ID), reading);
  if (found.length === 0) return null;
  for (const { id } of found) {
    if (group.read !== null && !hasHoles(stream, id)) group.read++;
    else group.read = estimatedRead(stream, id);
    group.lastId = id;
    if (!reading.noAck) addPending(group, consumer, id, call.now);
  }
  call.changed(key, "t", "xreadgroup", found.length);
  return found.map(shownEntry);
}

function limited(entries: readonly StreamEntry[], { count }: Reading): readonly StreamEntry[] {
  return count > 0 ? entries.slice(0, count) : entries;
}

function shownEntry({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}

/** What a consumer was given and has not acknowledged; an entry that is gone has no fields. */
function history(
  call: Call,
  stream: StreamValue,
  group: Group,
  consumer: Consumer,
  after: StreamId,
  { count }: Reading,
): Reply {
  const start = nextId(after);
  const mine = group.pending.filter(
    (one) =>
      one.consumer === consumer &&
      start !== null &&
      (one.id.ms > start.ms || (one.id.ms === start.ms && one.id.seq >= start.seq)),
  );
  const shown = count > 0 ? mine.slice(0, count) : mine;
  for (const one of shown) {
    if (stream.find(one.id) === undefined) continue;
    one.deliveredAt = call.now;
    one.deliveries++;
  }
  return shown.map(({ id }) => [formatId(id), stream.find(id)?.fields ?? NIL_ARRAY]);
}

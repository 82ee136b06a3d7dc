import type { StreamId } from "../stream-id.js";
import { ZERO_ID } from "../stream-id.js";
import { type Consumer, type Group, type Pending, type StreamEntry, StreamValue } from "../stream-value.js";
import { readListpack, writeListpack } from "./listpack.js";
import { big, length, little, text } from "./rdb-parts.js";
import { BadRdb, type RdbReader } from "./rdb-reader.js";

/** Most entries and most bytes of one node (`stream-node-max-entries`, `stream-node-max-bytes`). */
const NODE_ENTRIES = 100;
const NODE_BYTES = 4096;
/** Bits of an entry's flags (stream.h). */
const DELETED = 1;
const SAME_FIELDS = 2;
/** Entries read by a group, when that is not known: minus one as 64 bits. */
const UNKNOWN = 2n ** 64n - 1n;

const idBytes = ({ ms, seq }: StreamId): string => big(ms, 8) + big(seq, 8);
const idLengths = ({ ms, seq }: StreamId): string => length(ms) + length(seq);
const namesOf = ({ fields }: StreamEntry): string[] => fields.filter((_, i) => i % 2 === 0);
const valuesOf = ({ fields }: StreamEntry): string[] => fields.filter((_, i) => i % 2 === 1);

/** A stream's body in dump.rdb (RDB_TYPE_STREAM_LISTPACKS_2, Redis 7.0). */
export function encodedStream(stream: StreamValue): string {
  const nodes = nodesOf(stream.entries);
  const first = stream.entries[0]?.id ?? ZERO_ID;
  return [
    length(nodes.length),
    ...nodes.map((entries) => text(idBytes(entries[0]!.id)) + text(node(entries))),
    length(stream.length),
    ...[stream.lastId, first, stream.largestDeleted].map(idLengths),
    length(stream.added),
    length(stream.groups.size),
    ...[...stream.groups.values()].map(encodedGroup),
  ].join("");
}

function nodesOf(entries: readonly StreamEntry[]): StreamEntry[][] {
  const nodes: StreamEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.fields.reduce((sum, field) => sum + field.length, 0);
    const last = nodes.at(-1);
    if (last === undefined || last.length >= NODE_ENTRIES || bytes + size >= NODE_BYTES) {
      nodes.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return nodes;
}

/** Entries behind a master entry, which has the first one's names of fields (t_stream.c). */
function node(entries: readonly StreamEntry[]): string {
  const base = entries[0]!.id;
  const names = namesOf(entries[0]!);
  const elements = [entries.length, 0, names.length, ...names, 0];
  for (const entry of entries) {
    const { ms, seq } = entry.id;
    const same = namesOf(entry).join("\0") === names.join("\0") && entry.fields.length === 2 * names.length;
    const body = same ? valuesOf(entry) : [entry.fields.length / 2, ...entry.fields];
    elements.push(same ? SAME_FIELDS : 0, String(ms - base.ms), String(BigInt.asIntN(64, seq - base.seq)));
    elements.push(...body, body.length + 3);
  }
  return writeListpack(elements.map(String));
}

function encodedGroup({ name, lastId, read, pending, consumers }: Group): string {
  return [
    text(name),
    idLengths(lastId),
    length(read ?? UNKNOWN),
    length(pending.length),
    ...pending.map(
      ({ id, deliveredAt, deliveries }) =>
        idBytes(id) + little(Math.floor(deliveredAt), 8) + length(deliveries),
    ),
    length(consumers.size),
    ...[...consumers.values()].map((consumer) => {
      const own = pending.filter((one) => one.consumer === consumer);
      return [
        text(consumer.name),
        little(Math.floor(consumer.seenAt), 8),
        length(own.length),
        ...own.map(({ id }) => idBytes(id)),
      ].join("");
    }),
  ].join("");
}

/** Reads what {@link encodedStream}, or a real server, wrote. */
export function readStream(reader: RdbReader): StreamValue {
  const stream = new StreamValue();
  const entries: StreamEntry[] = [];
  for (let left = reader.length(); left > 0; left--) {
    const key = reader.text();
    entries.push(...readNode(key, readListpack(reader.text()) ?? broken()));
  }
  if (reader.length() !== entries.length) broken();
  stream.entries = entries;
  stream.lastId = readIdLengths(reader);
  readIdLengths(reader);
  stream.largestDeleted = readIdLengths(reader);
  stream.added = reader.wide();
  for (let left = reader.length(); left > 0; left--) {
    const group = readGroup(reader);
    stream.groups.set(group.name, group);
  }
  return stream;
}

function broken(): never {
  throw new BadRdb("Stream listpack integrity check failed.");
}

const readIdLengths = (reader: RdbReader): StreamId => ({ ms: reader.wide(), seq: reader.wide() });
const readIdBytes = (reader: RdbReader): StreamId => ({ ms: reader.big(8), seq: reader.big(8) });

function readNode(key: string, elements: readonly string[]): StreamEntry[] {
  let at = 0;
  const next = () => elements[at++] ?? broken();
  const some = (count: number) => Array.from({ length: count }, next);
  const number = (start: number) =>
    [...key.slice(start, start + 8)].reduce((sum, one) => sum * 256n + BigInt(one.charCodeAt(0)), 0n);
  const base = { ms: number(0), seq: number(8) };
  let left = Number(next()) + Number(next());
  const names = some(Number(next()));
  next();
  const entries: StreamEntry[] = [];
  for (; left > 0; left--) {
    const flags = Number(next());
    const id = { ms: base.ms + BigInt(next()), seq: BigInt.asUintN(64, base.seq + BigInt(next())) };
    const fields =
      (flags & SAME_FIELDS) !== 0 ? names.flatMap((name) => [name, next()]) : some(2 * Number(next()));
    next();
    if ((flags & DELETED) === 0) entries.push({ id, fields });
  }
  return entries;
}

function readGroup(reader: RdbReader): Group {
  const name = reader.text();
  const lastId = readIdLengths(reader);
  const read = reader.wide();
  const waiting = Array.from({ length: reader.length() }, () => ({
    id: readIdBytes(reader),
    deliveredAt: Number(reader.little(8)),
    deliveries: reader.length(),
  }));
  const consumers = new Map<string, Consumer>();
  const owners = new Map<string, Consumer>();
  for (let left = reader.length(); left > 0; left--) {
    const consumer = { name: reader.text(), seenAt: Number(reader.little(8)), pending: reader.length() };
    consumers.set(consumer.name, consumer);
    for (let i = 0; i < consumer.pending; i++) owners.set(idBytes(readIdBytes(reader)), consumer);
  }
  const pending: Pending[] = waiting.map((one) => ({
    ...one,
    consumer: owners.get(idBytes(one.id)) ?? broken(),
  }));
  return { name, lastId, read: read === UNKNOWN ? null : read, pending, consumers };
}

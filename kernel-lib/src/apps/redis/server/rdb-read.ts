import { bytesOf } from "../byte-text.js";
import type { RedisEngine } from "../engine.js";
import { HashValue } from "../hash-value.js";
import { hashLimits, sortedSetLimits } from "../limits.js";
import { ListValue } from "../list-value.js";
import { SetValue } from "../set-value.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { StringValue } from "../string-value.js";
import type { RedisValue } from "../value.js";
import { readListpack } from "./listpack.js";
import {
  HASH,
  INTSET,
  LIST,
  OPCODES,
  PACKED_HASH,
  PACKED_ZSET,
  QUICKLIST,
  SET,
  STREAM,
  STRING,
  ZSET,
} from "./rdb-format.js";
import { BadRdb, RdbReader } from "./rdb-reader.js";
import { readStream } from "./rdb-stream.js";

export interface LoadedRdb {
  readonly loaded: number;
  readonly expired: number;
  /** What the file says of itself. */
  readonly auxiliary: ReadonlyMap<string, string>;
}

/** Reads a file dump.rdb into an engine: the forms that Redis 7.0 writes, and the plain ones. Throws {@link BadRdb}; forms of older versions (ziplist and others) are refused by number. */
export function readRdb(engine: RedisEngine, bytes: Uint8Array): LoadedRdb {
  const reader = new RdbReader(bytes);
  if (reader.take(5) !== "REDIS") throw new BadRdb("Wrong signature trying to load DB from file");
  reader.take(4);
  const auxiliary = new Map<string, string>();
  let keys = engine.database(0);
  let expiry: number | null = null;
  let loaded = 0;
  let expired = 0;
  for (;;) {
    const type = reader.byte();
    if (type === OPCODES.end) break;
    if (type === OPCODES.auxiliary) auxiliary.set(reader.text(), reader.text());
    else if (type === OPCODES.database) keys = engine.database(reader.length());
    else if (type === OPCODES.sizes) {
      reader.length();
      reader.length();
    } else if (type === OPCODES.expiry) expiry = Number(reader.little(8));
    else if (type === OPCODES.idle) reader.length();
    else if (type === OPCODES.frequency) reader.byte();
    else if (type === OPCODES.expirySeconds) expiry = Number(reader.little(4)) * 1000;
    else {
      const name = reader.text();
      const value = readValue(engine, reader, type);
      if (expiry !== null && expiry <= engine.now()) expired++;
      else {
        keys.set(name, value);
        if (expiry !== null) keys.setExpiry(name, expiry);
        loaded++;
      }
      expiry = null;
    }
  }
  reader.check();
  return { loaded, expired, auxiliary };
}

function readValue(engine: RedisEngine, reader: RdbReader, type: number): RedisValue {
  switch (type) {
    case STRING:
      return StringValue.of(reader.text());
    case LIST:
      return new ListValue(reader.texts());
    case SET:
      return SetValue.of(reader.texts(), engine.setting("set-max-intset-entries"));
    case INTSET:
      return SetValue.of(integers(reader.text()), engine.setting("set-max-intset-entries"));
    case QUICKLIST:
      return new ListValue(quicklist(reader));
    case HASH:
      return hashOf(
        engine,
        Array.from({ length: reader.length() }, () => [reader.text(), reader.text()]),
      );
    case PACKED_HASH:
      return hashOf(engine, pairs(reader.text()));
    case ZSET: {
      const items = Array.from({ length: reader.length() }, () => ({
        member: reader.text(),
        score: reader.double(),
      }));
      return SortedSetValue.of(items, sortedSetLimits(engine));
    }
    case PACKED_ZSET: {
      const items = pairs(reader.text()).map(([member, score]) => ({ member, score: scoreOf(score) }));
      return SortedSetValue.of(items, sortedSetLimits(engine));
    }
    case STREAM:
      return readStream(reader);
    default:
      throw new BadRdb(`a value of RDB type ${type} is not supported here`);
  }
}

function hashOf(engine: RedisEngine, fields: readonly (readonly [string, string])[]): HashValue {
  const hash = new HashValue();
  for (const [field, value] of fields) hash.set(field, value, hashLimits(engine));
  return hash;
}

function listpack(bytes: string): string[] {
  const elements = readListpack(bytes);
  if (elements === null) throw new BadRdb("Listpack integrity check failed.");
  return elements;
}

/** Elements two by two. */
function pairs(bytes: string): [string, string][] {
  const elements = listpack(bytes);
  return Array.from({ length: elements.length / 2 }, (_, i) => [elements[2 * i]!, elements[2 * i + 1]!]);
}

function scoreOf(text: string): number {
  if (text === "inf") return Infinity;
  return text === "-inf" ? -Infinity : Number(text);
}

/** Nodes of a list: one long element each (1), or a listpack (2). */
function quicklist(reader: RdbReader): string[] {
  const elements: string[] = [];
  for (let left = reader.length(); left > 0; left--) {
    const plain = reader.length() === 1;
    const bytes = reader.text();
    if (plain) elements.push(bytes);
    else elements.push(...listpack(bytes));
  }
  return elements;
}

/** Integers of 2, 4 or 8 bytes: their width and number are before them, four bytes each. */
function integers(text: string): string[] {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer);
  const width = view.getUint32(0, true);
  return Array.from({ length: view.getUint32(4, true) }, (_, i) => {
    const at = 8 + i * width;
    if (width === 2) return String(view.getInt16(at, true));
    return String(width === 4 ? view.getInt32(at, true) : view.getBigInt64(at, true));
  });
}

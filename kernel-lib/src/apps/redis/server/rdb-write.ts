import { bytesOf } from "../byte-text.js";
import { REDIS_VERSION, type RedisEngine } from "../engine.js";
import { HashValue } from "../hash-value.js";
import { ListValue } from "../list-value.js";
import { SetValue } from "../set-value.js";
import { SortedSetValue } from "../sorted-set-value.js";
import type { StreamValue } from "../stream-value.js";
import { StringValue } from "../string-value.js";
import type { RedisValue } from "../value.js";
import { crc64 } from "./crc64.js";
import { HASH, LIST, OPCODES, SET, STREAM, STRING, VERSION, ZSET } from "./rdb-format.js";
import { double, length, little, text } from "./rdb-parts.js";
import { encodedStream } from "./rdb-stream.js";

function auxiliary(name: string, value: string): string {
  return String.fromCharCode(OPCODES.auxiliary) + text(name) + text(value);
}

/** Type and body of a value. Collections are in their plain forms, which every Redis reads. */
function encoded(value: RedisValue): readonly [type: number, body: string] {
  if (value instanceof StringValue) return [STRING, text(value.text)];
  if (value instanceof ListValue) return [LIST, length(value.length) + value.toArray().map(text).join("")];
  if (value instanceof SetValue) return [SET, length(value.size) + value.members().map(text).join("")];
  if (value instanceof HashValue) {
    const pairs = [...value.entries()].map(([field, one]) => text(field) + text(one));
    return [HASH, length(value.size) + pairs.join("")];
  }
  if (value instanceof SortedSetValue) {
    const pairs = value.items().map(({ member, score }) => text(member) + double(score));
    return [ZSET, length(value.size) + pairs.join("")];
  }
  return [STREAM, encodedStream(value as StreamValue)];
}

/** All keys as a file dump.rdb, version 10 (Redis 7.0, rdb.c). */
export function writeRdb(engine: RedisEngine): Uint8Array {
  let out = `REDIS${VERSION}`;
  out += auxiliary("redis-ver", REDIS_VERSION) + auxiliary("redis-bits", "64");
  out += auxiliary("ctime", String(Math.floor(engine.now() / 1000)));
  out += auxiliary("used-mem", "955024") + auxiliary("aof-base", "0");
  for (let index = 0; index < engine.databaseCount; index++) {
    const keys = engine.database(index);
    const names = [...keys.keys()];
    if (names.length === 0) continue;
    out += String.fromCharCode(OPCODES.database) + length(index);
    out += String.fromCharCode(OPCODES.sizes) + length(names.length) + length(keys.expires);
    for (const name of names) {
      const [type, body] = encoded(keys.peek(name)!);
      const expiry = keys.expiry(name) ?? null;
      if (expiry !== null) out += String.fromCharCode(OPCODES.expiry) + little(Math.floor(expiry), 8);
      out += String.fromCharCode(type) + text(name) + body;
    }
  }
  const body = bytesOf(out + String.fromCharCode(OPCODES.end));
  const bytes = new Uint8Array(body.length + 8);
  bytes.set(body);
  bytes.set(crc64(body), body.length);
  return bytes;
}

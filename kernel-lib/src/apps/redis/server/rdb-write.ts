import { bytesOf, byteText } from "../byte-text.js";
import { REDIS_VERSION, type RedisEngine } from "../engine.js";
import { HashValue } from "../hash-value.js";
import { ListValue } from "../list-value.js";
import { SetValue } from "../set-value.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { StringValue } from "../string-value.js";
import type { RedisValue } from "../value.js";
import { crc64 } from "./crc64.js";
import { HASH, LIST, OPCODES, SET, STRING, VERSION, ZSET } from "./rdb-format.js";

/** Writes the length of what follows: 6, 14 or 32 bits, most significant first. */
function length(value: number): string {
  if (value < 64) return String.fromCharCode(value);
  if (value < 16_384) return String.fromCharCode(0x40 | (value >> 8), value & 255);
  return String.fromCharCode(
    0x80,
    (value >>> 24) & 255,
    (value >> 16) & 255,
    (value >> 8) & 255,
    value & 255,
  );
}

function text(value: string): string {
  return length(value.length) + value;
}

function little(value: bigint, bytes: number): string {
  let out = "";
  for (let i = 0; i < bytes; i++) out += String.fromCharCode(Number((value >> BigInt(8 * i)) & 255n));
  return out;
}

function double(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return byteText(bytes);
}

function auxiliary(name: string, value: string): string {
  return String.fromCharCode(OPCODES.auxiliary) + text(name) + text(value);
}

/** Type and body of a value. Collections are in their plain forms, which every Redis reads. Null: a kind that is not written. */
function encoded(value: RedisValue): readonly [type: number, body: string] | null {
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
  return null;
}

/** All keys as a file dump.rdb, version 10 (Redis 7.0, rdb.c). Gives the names of keys that are not in it, too. */
export function writeRdb(engine: RedisEngine): {
  readonly bytes: Uint8Array;
  readonly left: readonly string[];
} {
  const left: string[] = [];
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
      const written = encoded(keys.peek(name)!);
      if (written === null) {
        left.push(name);
        continue;
      }
      const expiry = keys.expiry(name) ?? null;
      if (expiry !== null) out += String.fromCharCode(OPCODES.expiry) + little(BigInt(Math.floor(expiry)), 8);
      out += String.fromCharCode(written[0]) + text(name) + written[1];
    }
  }
  const body = bytesOf(out + String.fromCharCode(OPCODES.end));
  const bytes = new Uint8Array(body.length + 8);
  bytes.set(body);
  bytes.set(crc64(body), body.length);
  return { bytes, left };
}

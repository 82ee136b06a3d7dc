import { byteText } from "../byte-text.js";
import type { RedisEngine } from "../engine.js";
import { HashValue } from "../hash-value.js";
import { hashLimits, sortedSetLimits } from "../limits.js";
import { ListValue } from "../list-value.js";
import { SetValue } from "../set-value.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { StringValue } from "../string-value.js";
import type { RedisValue } from "../value.js";
import { crc64 } from "./crc64.js";
import { HASH, LIST, OPCODES, SET, STRING, ZSET } from "./rdb-format.js";

/** The file is not what a server can read; the message is what its log says. */
export class BadRdb extends Error {}

export interface LoadedRdb {
  readonly loaded: number;
  readonly expired: number;
  /** What the file says of itself. */
  readonly auxiliary: ReadonlyMap<string, string>;
}

/** Reads a file dump.rdb with the plain forms of values into an engine. Throws {@link BadRdb}; packed forms (listpack and others) are refused by number. */
export function readRdb(engine: RedisEngine, bytes: Uint8Array): LoadedRdb {
  const reader = new Reader(bytes);
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

function readValue(engine: RedisEngine, reader: Reader, type: number): RedisValue {
  switch (type) {
    case STRING:
      return StringValue.of(reader.text());
    case LIST:
      return new ListValue(reader.texts());
    case SET:
      return SetValue.of(reader.texts(), engine.setting("set-max-intset-entries"));
    case HASH: {
      const hash = new HashValue();
      for (let left = reader.length(); left > 0; left--)
        hash.set(reader.text(), reader.text(), hashLimits(engine));
      return hash;
    }
    case ZSET: {
      const items = Array.from({ length: reader.length() }, () => ({
        member: reader.text(),
        score: reader.double(),
      }));
      return SortedSetValue.of(items, sortedSetLimits(engine));
    }
    default:
      throw new BadRdb(`a value of RDB type ${type} is not supported here`);
  }
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined)
      throw new BadRdb("Short read or OOM loading DB. Unrecoverable error, aborting now.");
    return byte;
  }

  take(count: number): string {
    if (this.at + count > this.bytes.length)
      throw new BadRdb("Short read or OOM loading DB. Unrecoverable error, aborting now.");
    this.at += count;
    return byteText(this.bytes, this.at - count, this.at);
  }

  /** A length; an encoded string begins alike, and is refused here. */
  length(): number {
    const first = this.byte();
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | this.byte();
    if (first === 0x80) return Number([1, 2, 3, 4].reduce((sum) => sum * 256n + BigInt(this.byte()), 0n));
    throw new BadRdb(`an RDB length of the form ${first} is not supported here`);
  }

  /** A string: its bytes, or an integer of one, two or four bytes. */
  text(): string {
    const form = this.bytes[this.at]!;
    if (form < 0xc0) return this.take(this.length());
    this.at++;
    if (form > 0xc2) throw new BadRdb("compressed strings are not supported here");
    const bits = 8 << (form & 3);
    return String(BigInt.asIntN(bits, this.little(bits / 8)));
  }

  texts(): string[] {
    return Array.from({ length: this.length() }, () => this.text());
  }

  little(count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i++) value |= BigInt(this.byte()) << BigInt(8 * i);
    return value;
  }

  double(): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    this.take(8);
    return view.getFloat64(this.at - 8, true);
  }

  /** The checksum at the end; eight zeros stand for none. */
  check(): void {
    const given = this.bytes.subarray(this.at, this.at + 8);
    const made = crc64(this.bytes.subarray(0, this.at));
    if (given.some((byte) => byte !== 0) && !made.every((byte, i) => byte === given[i]))
      throw new BadRdb("Wrong RDB checksum. Aborting now.");
  }
}

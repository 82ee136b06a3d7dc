import { bytesOf, byteText } from "../byte-text.js";
import { crc64 } from "./crc64.js";
import { lzfDecompress } from "./lzf.js";

/** The file is not what a server can read; the message is what its log says. */
export class BadRdb extends Error {}

/** The first byte of a string that is compressed. */
const COMPRESSED = 0xc3;

/** Takes a file dump.rdb apart, from its first byte to its last. */
export class RdbReader {
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
    return Number(this.wide());
  }

  /** A length that may have 64 bits. */
  wide(): bigint {
    const first = this.byte();
    if (first < 0x40) return BigInt(first);
    if (first < 0x80) return BigInt(((first & 0x3f) << 8) | this.byte());
    if (first === 0x80) return this.big(4);
    if (first === 0x81) return this.big(8);
    throw new BadRdb(`an RDB length of the form ${first} is not supported here`);
  }

  /** A string: its bytes, an integer of one, two or four bytes, or compressed bytes. */
  text(): string {
    const form = this.bytes[this.at]!;
    if (form < 0xc0) return this.take(this.length());
    this.at++;
    if (form === COMPRESSED) {
      const packed = this.length();
      const size = this.length();
      const bytes = lzfDecompress(bytesOf(this.take(packed)), size);
      if (bytes === null) throw new BadRdb("Invalid LZF compressed string");
      return byteText(bytes);
    }
    if (form > COMPRESSED) throw new BadRdb(`an RDB string of the form ${form} is not supported here`);
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

  big(count: number): bigint {
    let value = 0n;
    for (let i = 0; i < count; i++) value = value * 256n + BigInt(this.byte());
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

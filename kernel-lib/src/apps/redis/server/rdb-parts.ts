import { byteText } from "../byte-text.js";

/** A length (rdb.c, rdbSaveLen): 6, 14, 32 or 64 bits, most significant first. */
export function length(value: number | bigint): string {
  const wide = BigInt(value);
  if (wide < 64n) return String.fromCharCode(Number(wide));
  if (wide < 16_384n) return String.fromCharCode(0x40 | Number(wide >> 8n), Number(wide & 255n));
  return wide < 2n ** 32n ? `\x80${big(wide, 4)}` : `\x81${big(wide, 8)}`;
}

/** A string with its length before it. */
export function text(value: string): string {
  return length(value.length) + value;
}

/** An integer of some bytes, least significant first; negative ones as two's complement. */
export function little(value: number | bigint, bytes: number): string {
  const wide = BigInt(value);
  return Array.from({ length: bytes }, (_, i) =>
    String.fromCharCode(Number((wide >> BigInt(8 * i)) & 255n)),
  ).join("");
}

/** An integer of some bytes, most significant first. */
export function big(value: bigint, bytes: number): string {
  return [...little(value, bytes)].reverse().join("");
}

/** An IEEE 754 double, least significant byte first. */
export function double(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return byteText(bytes);
}

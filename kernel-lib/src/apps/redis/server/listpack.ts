import { big, little } from "./rdb-parts.js";

/** Bytes before the first element: size in bytes and number of elements. */
const HEADER = 6;
const END = "\xff";
/** Stands for "count them" where the number has only 16 bits. */
const UNCOUNTED = 65_535;

/** The form that needs fewest bytes: Redis writes an element that is a number as one (listpack.c). */
function element(value: string): string {
  const integer = /^(0|-?[1-9]\d{0,18})$/.test(value) ? BigInt(value) : null;
  if (integer !== null && BigInt.asIntN(64, integer) === integer) return integerForm(integer);
  const size = value.length;
  if (size < 64) return String.fromCharCode(0x80 | size) + value;
  if (size < 4096) return String.fromCharCode(0xe0 | (size >> 8), size & 255) + value;
  return `\xf0${little(size, 4)}${value}`;
}

function integerForm(value: bigint): string {
  if (value >= 0n && value < 128n) return String.fromCharCode(Number(value));
  if (BigInt.asIntN(13, value) === value) return big(0xc000n | BigInt.asUintN(13, value), 2);
  const bytes = [2, 3, 4, 8].find((count) => BigInt.asIntN(8 * count, value) === value)!;
  return String.fromCharCode(0xf1 + [2, 3, 4, 8].indexOf(bytes)) + little(value, bytes);
}

/** The sizes from which the size of an element needs one byte more (listpack.c, lpEncodeBacklen: not quite powers of two). */
const SIZE_STEPS = [128, 16_383, 2_097_151, 268_435_455];

/** The size of an element, to be read from its end: seven bits a byte, each byte but the first with its top bit set. */
function backwards(size: number): string {
  const count = 1 + SIZE_STEPS.filter((step) => size >= step).length;
  return Array.from({ length: count }, (_, i) =>
    String.fromCharCode(((size >> (7 * (count - 1 - i))) & 127) | (i === 0 ? 0 : 128)),
  ).join("");
}

/** Elements in one run of bytes (listpack.c, Redis 7.0). */
export function writeListpack(values: readonly string[]): string {
  const body = values
    .map((value) => {
      const form = element(value);
      return form + backwards(form.length);
    })
    .join("");
  const count = Math.min(values.length, UNCOUNTED);
  return little(HEADER + body.length + 1, 4) + little(count, 2) + body + END;
}

/** The elements of a listpack; null when the bytes are not one. */
export function readListpack(bytes: string): string[] | null {
  const code = (at: number) => bytes.charCodeAt(at);
  const values: string[] = [];
  let at = HEADER;
  while (at < bytes.length && code(at) !== 0xff) {
    const { value, size } = readElement(bytes, at);
    values.push(value);
    at += size + backwards(size).length;
  }
  return at === bytes.length - 1 ? values : null;
}

function readElement(bytes: string, at: number): { readonly value: string; readonly size: number } {
  const first = bytes.charCodeAt(at);
  const number = (from: number, count: number) => {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes.charCodeAt(from + i) || 0);
    return value;
  };
  const string = (head: number, size: number) => ({
    value: bytes.slice(at + head, at + head + size),
    size: head + size,
  });
  if (first < 0x80) return { value: String(first), size: 1 };
  if (first < 0xc0) return string(1, first & 63);
  const second = bytes.charCodeAt(at + 1);
  if (first < 0xe0)
    return { value: String(BigInt.asIntN(13, BigInt(((first & 31) << 8) | second))), size: 2 };
  if (first < 0xf0) return string(2, ((first & 15) << 8) | second);
  if (first === 0xf0) return string(5, Number(number(at + 1, 4)));
  const count = [2, 3, 4, 8][first - 0xf1] ?? 0;
  return { value: String(BigInt.asIntN(8 * count, number(at + 1, count))), size: 1 + count };
}

import { addBytes, finish } from "../../wire/checksum.js";
import type { Dissection } from "./dissection.js";

/** Where the IP header of a payload is, and its version. */
export interface Carrier {
  readonly version: 4 | 6;
  readonly at: number;
}

/** Result of in_cksum: 0 for a right checksum. */
export function sumOf(d: Dissection, at: number, length: number): number {
  return finish(addBytes(0, d.bytes, at, at + length));
}

/** The same with the pseudo header of the carrier before it (nextproto4_cksum, nextproto6_cksum). */
export function transportSum(
  d: Dissection,
  carrier: Carrier,
  protocol: number,
  at: number,
  length: number,
): number {
  const [addresses, size] = carrier.version === 4 ? [carrier.at + 12, 8] : [carrier.at + 8, 32];
  let sum = addBytes(
    protocol + Math.floor(length / 0x10000) + (length & 0xffff),
    d.bytes,
    addresses,
    addresses + size,
  );
  sum = addBytes(sum, d.bytes, at, at + length);
  return finish(sum);
}

/** The checksum that would have been right, from the one found and the result of the check (in_cksum_shouldbe). */
export function shouldBe(found: number, result: number): number {
  let sum = found + result;
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum + (sum >>> 16)) & 0xffff;
}

import type { Ipv4 } from "../base/addresses.js";

/** JHASH_INITVAL with the length of four words. */
const INITIAL = 0xdeadbeef + (4 << 2);

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** An address as the number that its bytes make on a little-endian machine. */
function asRead(address: Ipv4): number {
  return ((address & 255) << 24) | ((address & 0xff00) << 8) | ((address >>> 8) & 0xff00) | (address >>> 24);
}

/**
 * jhash2 of a source address (in a union of four words), with a destination as its start: how find_best_ips_proto chooses among several addresses, so that one
 * client always gets the same. As on a little-endian machine.
 */
export function addressHash(source: Ipv4, start: Ipv4): number {
  const initial = (INITIAL + asRead(start)) | 0;
  let a = (initial + asRead(source)) | 0;
  let b = initial;
  let c = initial;
  // __jhash_mix; the last word is zero and changes nothing.
  a = ((a - c) | 0) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = ((a - c) | 0) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = ((b - a) | 0) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = ((c - b) | 0) ^ rotate(b, 4);
  b = (b + a) | 0;
  // __jhash_final.
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

/** Adds the 16-bit words of `bytes[start, end)` to `sum` (RFC 1071, not yet folded; an odd last byte is padded with zero). */
export function addBytes(sum: number, bytes: Uint8Array, start: number, end: number): number {
  const even = start + ((end - start) & ~1);
  let i = start;
  for (const last = even - 6; i < last; i += 8) {
    sum += (bytes[i]! << 8) | bytes[i + 1]!;
    sum += (bytes[i + 2]! << 8) | bytes[i + 3]!;
    sum += (bytes[i + 4]! << 8) | bytes[i + 5]!;
    sum += (bytes[i + 6]! << 8) | bytes[i + 7]!;
  }
  for (; i < even; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  if (even < end) sum += bytes[even]! << 8;
  return sum;
}

/** Folds a sum (of at most 128 kB, so that it fits 32 bits) to 16 bits and complements it: the value that goes into a header. */
export function finish(sum: number): number {
  let folded = (sum & 0xffff) + (sum >>> 16);
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}

export function checksum(bytes: Uint8Array, start: number, end: number): number {
  return finish(addBytes(0, bytes, start, end));
}

/** The pseudo header of UDP and TCP (RFC 768, RFC 9293 §3.1): addresses, protocol and length. */
export function pseudoHeaderSum(
  source: number,
  destination: number,
  protocol: number,
  length: number,
): number {
  return (
    (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length
  );
}

/** A checksum after one 16-bit word of the covered bytes changed (RFC 1624, equation 3). */
export function updateWord(old: number, before: number, after: number): number {
  let sum = (~old & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~(sum + (sum >>> 16)) & 0xffff;
}

/** A checksum after a 32-bit field (an address) changed. */
export function updateLong(old: number, before: number, after: number): number {
  return updateWord(updateWord(old, before >>> 16, after >>> 16), before & 0xffff, after & 0xffff);
}

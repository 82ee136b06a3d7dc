/** Bytes of LibLZF's compression, as Redis writes long strings (`rdbcompression yes`); null when they are not that, or give another size. */
export function lzfDecompress(packed: Uint8Array, size: number): Uint8Array | null {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < packed.length; ) {
    const control = packed[at++]!;
    if (control < 32) {
      const end = at + control + 1;
      if (end > packed.length || to + control + 1 > size) return null;
      out.set(packed.subarray(at, end), to);
      to += control + 1;
      at = end;
      continue;
    }
    let count = (control >> 5) + 2;
    if (control >> 5 === 7) count += packed[at++] ?? 0;
    let from = to - ((control & 31) << 8) - (packed[at++] ?? 0) - 1;
    if (from < 0 || to + count > size) return null;
    // Byte by byte: what is copied may reach into what is being written.
    while (count-- > 0) out[to++] = out[from++]!;
  }
  return to === size ? out : null;
}

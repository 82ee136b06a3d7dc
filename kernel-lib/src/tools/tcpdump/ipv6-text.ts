/** Reads IPv6 text (RFC 4291 §2.2) into its 16 bytes; null for anything else. */
export function tryParseIpv6(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groups);
  if (head === undefined || head === null || tail === null) return null;
  const rest = tail ?? [];
  const missing = 8 - head.length - rest.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const words = [...head, ...new Array<number>(Math.max(missing, 0)).fill(0), ...rest];
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 255]));
}

function groups(text: string): number[] | null {
  if (text === "") return [];
  const words: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const quad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(part);
    if (quad && index === parts.length - 1) {
      const [a = 0, b = 0, c = 0, d = 0] = quad.slice(1).map(Number);
      if (Math.max(a, b, c, d) > 255) return null;
      words.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) words.push(Number.parseInt(part, 16));
    else return null;
  }
  return words;
}

/** Writes 16 bytes as tcpdump does (addrtostr6): the first longest run of zeros shortened, mapped IPv4 as a quad. */
export function formatIpv6(bytes: Uint8Array): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  const { start, length } = longestZeros(words);
  if (start === 0 && (length === 6 || (length === 5 && words[5] === 0xffff))) {
    const quad = Array.from(bytes.subarray(12, 16)).join(".");
    return length === 6 ? `::${quad}` : `::ffff:${quad}`;
  }
  const text = (part: number[]) => part.map((word) => word.toString(16)).join(":");
  if (length < 2) return text(words);
  return `${text(words.slice(0, start))}::${text(words.slice(start + length))}`;
}

function longestZeros(words: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let i = 0; i < words.length; ) {
    let end = i;
    while (end < words.length && words[end] === 0) end++;
    if (end - i > best.length) best = { start: i, length: end - i };
    i = end + 1;
  }
  return best;
}

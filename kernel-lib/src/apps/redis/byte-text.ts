/**
 * Redis stores bytes. Here a string of bytes is a JavaScript string with one character (0 to 255) for each byte: it compares as memcmp does, and is a key of a Map.
 */

/** Characters that one call of fromCharCode takes. */
const CHUNK = 8192;

export function byteText(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (to - from <= CHUNK)
    return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  let text = "";
  for (let at = from; at < to; at += CHUNK) {
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(at, Math.min(to, at + CHUNK)) as unknown as number[],
    );
  }
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** An ordinary text (a chat message) as the bytes that UTF-8 gives it. */
export function utf8Bytes(text: string): string {
  return byteText(new TextEncoder().encode(text));
}

/** ASCII letters only, as Redis' tolower with the C locale. */
export function lower(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** -1, 0 or 1 by bytes. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

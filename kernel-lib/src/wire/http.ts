/** Header fields of one HTTP message in their order: names as written, values trimmed. */
export type HttpFields = readonly (readonly [name: string, value: string])[];

/** The first line and fields of a message; `length` bytes were read for them. */
export interface HttpHead {
  readonly first: string;
  readonly fields: HttpFields;
  readonly length: number;
}

const LATIN = new TextDecoder("latin1");
/** Most bytes that a head may have, as Apache and nginx limit it. */
export const HEAD_LIMIT = 16384;

/** Reads a head from the front of `bytes` (RFC 9112 §2). Null when its end has not come; "malformed" when it cannot be one. */
export function readHead(bytes: Uint8Array): HttpHead | null | "malformed" {
  const end = headEnd(bytes);
  if (end === null) return bytes.length > HEAD_LIMIT ? "malformed" : null;
  const lines = LATIN.decode(bytes.subarray(0, end)).split(/\r?\n/);
  const fields: [string, string][] = [];
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) return "malformed";
    fields.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return { first: lines[0] ?? "", fields, length: end };
}

/** One past the empty line that ends a head; bare line feeds are taken too (RFC 9112 §2.2). */
function headEnd(bytes: Uint8Array): number | null {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 10) continue;
    if (bytes[i + 1] === 10) return i + 2;
    if (bytes[i + 1] === 13 && bytes[i + 2] === 10) return i + 3;
  }
  return null;
}

/** The first value of a field; names compare without case. */
export function field(fields: HttpFields, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return fields.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** How a message's body ends (RFC 9112 §6.3). */
export type BodyLength =
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/** The body of a response with these fields; null when Content-Length is no number. */
export function responseBody(fields: HttpFields, status: number, method: string): BodyLength | null {
  if (method === "HEAD" || status === 204 || status === 304 || (status >= 100 && status < 200))
    return { kind: "length", length: 0 };
  if (/chunked/i.test(field(fields, "Transfer-Encoding") ?? "")) return { kind: "chunked" };
  const length = field(fields, "Content-Length");
  if (length === undefined) return { kind: "close" };
  return /^\d{1,15}$/.test(length) ? { kind: "length", length: Number(length) } : null;
}

/** Takes chunks apart as they come (RFC 9112 §7.1). */
export class ChunkReader {
  done = false;
  malformed = false;
  private rest: Uint8Array = new Uint8Array(0);

  /** What has come and is not read: when all chunks are there, the next message. */
  get behind(): Uint8Array {
    return this.rest;
  }

  /** Gives the data in what has come so far. */
  take(bytes: Uint8Array): Uint8Array {
    this.rest = join(this.rest, bytes);
    const parts: Uint8Array[] = [];
    while (!this.done && !this.malformed) {
      const eol = this.rest.indexOf(10);
      if (eol < 0) break;
      const size = /^([0-9a-f]{1,8})\s*(;.*)?\r?$/i.exec(LATIN.decode(this.rest.subarray(0, eol)));
      if (size === null) {
        this.malformed = true;
        break;
      }
      const length = Number.parseInt(size[1]!, 16);
      const end = eol + 1 + length + 2;
      if (this.rest.length < end) break;
      parts.push(this.rest.slice(eol + 1, eol + 1 + length));
      this.rest = this.rest.slice(end);
      this.done = length === 0;
    }
    return parts.reduce(join, new Uint8Array(0));
  }
}

export function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Sat, 21 Nov 2026 03:13:49 GMT` (RFC 9110 §5.6.7) for a Unix time in seconds. */
export function httpDate(unixTime: number): string {
  const date = new Date(Math.floor(unixTime) * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} GMT`;
}

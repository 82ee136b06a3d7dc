import { field, type HttpHead, join, readHead, responseBody } from "../wire/http.js";
import type { ApplicationData } from "./application-data.js";

type Read = Omit<ApplicationData, "start"> | null;

const REQUEST = /^([A-Z]{3,10}) (\S+) HTTP\/1\.[01]$/;
const STATUS = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/;
/** A text body is shown with its head; other bodies by their length. */
const TEXTUAL = /json|text|javascript|urlencoded|xml/i;

const LATIN = new TextDecoder("latin1");
const UTF8 = new TextDecoder();

/** Reads HTTP/1 messages one behind the other. A stream of server-sent events is read event by event. */
export class HttpReader {
  private answered = 0;
  private events = false;

  /** `requests`: the methods of the requests that are answered, in order. */
  constructor(private readonly requests: readonly string[]) {}

  /** What stands at `at`; null when no HTTP message begins there. A message whose end is missing goes to the end of the bytes. */
  read(bytes: Uint8Array, at: number): Read {
    const event = this.readEvent(bytes, at);
    if (event !== null) return event;
    if (!startsHttp(bytes, at)) return null;
    const head = readHead(bytes.subarray(at));
    if (head === null || head === "malformed") return null;
    this.events = false;
    const request = REQUEST.exec(head.first);
    if (request !== null) return requestOf(bytes, at, head, request);
    const status = STATUS.exec(head.first);
    return status === null ? null : this.responseOf(bytes, at, head, status);
  }

  /** Bytes were passed over: what comes next need not be what was expected. */
  lost(): void {
    this.events = false;
  }

  private responseOf(bytes: Uint8Array, at: number, head: HttpHead, status: RegExpExecArray): Read {
    const code = Number(status[1]);
    const method = this.requests[this.answered] ?? "GET";
    if (code >= 200 || code === 101) this.answered++;
    const from = at + head.length;
    const text = `${status[1]} ${status[2]}`.trimEnd();
    const body =
      code === 101 ? { kind: "length" as const, length: 0 } : responseBody(head.fields, code, method);
    if (body === null) return null;
    if (/event-stream/i.test(field(head.fields, "Content-Type") ?? "")) {
      this.events = true;
      return { protocol: "HTTP", kind: "response", text: `${text} (event stream)`, end: from };
    }
    const { data, end } =
      body.kind === "length"
        ? { data: bytes.subarray(from, from + body.length), end: Math.min(bytes.length, from + body.length) }
        : body.kind === "chunked"
          ? chunksAt(bytes, from)
          : { data: bytes.subarray(from), end: bytes.length };
    return { protocol: "HTTP", kind: "response", text: withBody(text, head, data), end };
  }

  /** One chunk of an event stream is one event here, as servers write it; a stream whose beginning was not seen is known by its fields. */
  private readEvent(bytes: Uint8Array, at: number): Read {
    const line = LATIN.decode(bytes.subarray(at, at + 12));
    const size = /^([0-9a-fA-F]{1,8})\r\n/.exec(line);
    if (size === null) return null;
    const start = at + size[0].length;
    const length = Number.parseInt(size[1]!, 16);
    if (start + length + 2 > bytes.length) return null;
    const text = UTF8.decode(bytes.subarray(start, start + length));
    if (!this.events && !/^(data|event|id|retry|):/.test(text)) return null;
    this.events = length > 0;
    return {
      protocol: "HTTP",
      kind: "event",
      text: text.trim().replace(/\r?\n/g, " · "),
      end: start + length + 2,
    };
  }
}

function requestOf(bytes: Uint8Array, at: number, head: HttpHead, [, method, path]: RegExpExecArray): Read {
  const from = at + head.length;
  const declared = field(head.fields, "Content-Length") ?? "0";
  const length = /^\d{1,15}$/.test(declared) ? Number(declared) : 0;
  const chunked = /chunked/i.test(field(head.fields, "Transfer-Encoding") ?? "");
  const { data, end } = chunked
    ? chunksAt(bytes, from)
    : { data: bytes.subarray(from, from + length), end: Math.min(bytes.length, from + length) };
  const upgrade = field(head.fields, "Upgrade");
  const text = `${method} ${path}${upgrade === undefined ? "" : ` (upgrade to ${upgrade})`}`;
  return { protocol: "HTTP", kind: "request", text: withBody(text, head, data), end };
}

function withBody(text: string, { fields }: HttpHead, data: Uint8Array): string {
  if (data.length === 0) return text;
  const type = field(fields, "Content-Type") ?? "";
  const coded = field(fields, "Content-Encoding") !== undefined;
  const short = TEXTUAL.test(type) && !/html|javascript|css/i.test(type) && !coded;
  return short
    ? `${text} ${UTF8.decode(data).trim()}`
    : `${text}, ${data.length} bytes of ${type.split(";")[0] || "data"}`;
}

/** The data in chunks that begin at `at`, up to the last chunk or to the end of the bytes. */
function chunksAt(bytes: Uint8Array, at: number): { readonly data: Uint8Array; readonly end: number } {
  const parts: Uint8Array[] = [];
  let place = at;
  for (;;) {
    const size = /^([0-9a-fA-F]{1,8})[^\r\n]*\r\n/.exec(LATIN.decode(bytes.subarray(place, place + 40)));
    const length = size === null ? 0 : Number.parseInt(size[1]!, 16);
    const start = place + (size?.[0].length ?? 0);
    const end = start + length + 2;
    if (size === null || end > bytes.length) return { data: joined(parts), end: bytes.length };
    parts.push(bytes.subarray(start, start + length));
    place = end;
    if (length === 0) return { data: joined(parts), end: place };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.reduce(join, new Uint8Array(0));
}

function startsHttp(bytes: Uint8Array, at: number): boolean {
  return /^(HTTP\/1\.|[A-Z]{3,10} [/*h])/.test(LATIN.decode(bytes.subarray(at, at + 12)));
}

/** The method of a request that was found: `POST`. */
export function methodOf({ kind, text }: Pick<ApplicationData, "kind" | "text">): string | null {
  return kind === "request" ? text.slice(0, text.indexOf(" ")) : null;
}

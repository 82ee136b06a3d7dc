import { ChunkReader, field, type HttpFields, type HttpHead, join, readHead } from "../../../wire/http.js";

/** What the bytes after a head are. */
export type Body =
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" }
  /** The connection speaks another protocol from here on. */
  | { readonly kind: "other" };

export interface ParserEvents {
  /** A head is complete: says what follows it. */
  head(head: HttpHead): Body;
  data(bytes: Uint8Array): void;
  /** The message is complete. */
  end(): void;
  /** What came behind a head after which the connection speaks another protocol. */
  upgrade(rest: Uint8Array): void;
  failed(code: string, reason: string): void;
}

const NOTHING = new Uint8Array(0);

/** Takes HTTP/1.1 messages apart as their bytes come (llhttp). */
export class HttpParser {
  private input: Uint8Array = NOTHING;
  private left = 0;
  private chunks: ChunkReader | null = null;
  private state: "head" | "length" | "chunked" | "close" | "other" = "head";

  constructor(private readonly events: ParserEvents) {}

  /** True between two messages. */
  get idle(): boolean {
    return this.state === "head" && this.input.length === 0;
  }

  take(bytes: Uint8Array): void {
    this.input = this.input.length === 0 ? bytes : join(this.input, bytes);
    while (this.input.length > 0 && this.step());
  }

  /** No more bytes will come. */
  finish(): void {
    if (this.state === "close") this.complete();
    else if (!this.idle && this.state !== "other")
      this.events.failed("HPE_INVALID_EOF_STATE", "Invalid EOF state");
  }

  /** Begins a message anew: the other protocol was declined. */
  resume(): void {
    this.state = "head";
  }

  private step(): boolean {
    switch (this.state) {
      case "head":
        return this.readHead();
      case "length": {
        const part = this.input.subarray(0, this.left);
        this.input = this.input.subarray(part.length);
        this.left -= part.length;
        this.events.data(part);
        if (this.left === 0) this.complete();
        return true;
      }
      case "chunked":
        return this.readChunks();
      case "close": {
        const part = this.input;
        this.input = NOTHING;
        this.events.data(part);
        return false;
      }
      case "other":
        return false;
    }
  }

  private readHead(): boolean {
    let start = 0;
    while (this.input[start] === 13 || this.input[start] === 10) start++;
    if (start > 0) this.input = this.input.subarray(start);
    const head = readHead(this.input);
    if (head === null) return false;
    if (head === "malformed") {
      this.input = NOTHING;
      this.events.failed("HPE_INVALID_HEADER_TOKEN", "Invalid header token");
      return false;
    }
    this.input = this.input.subarray(head.length);
    const body = this.events.head(head);
    this.state = body.kind;
    if (body.kind === "other") {
      const rest = this.input;
      this.input = NOTHING;
      this.events.upgrade(rest);
      return false;
    }
    if (body.kind === "chunked") this.chunks = new ChunkReader();
    if (body.kind === "length") {
      this.left = body.length;
      if (body.length === 0) this.complete();
    }
    return true;
  }

  private readChunks(): boolean {
    const chunks = this.chunks!;
    const data = chunks.take(this.input);
    this.input = NOTHING;
    if (data.length > 0) this.events.data(data);
    if (chunks.malformed) {
      this.events.failed("HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size");
      return false;
    }
    if (!chunks.done) return false;
    this.input = chunks.behind;
    this.complete();
    return true;
  }

  private complete(): void {
    this.state = "head";
    this.chunks = null;
    this.events.end();
  }
}

/** The body that a request's head announces; null when its length is no number. */
export function requestBody(fields: HttpFields): Body | null {
  if (/chunked/i.test(field(fields, "Transfer-Encoding") ?? "")) return { kind: "chunked" };
  const length = field(fields, "Content-Length");
  if (length === undefined) return { kind: "length", length: 0 };
  return /^\d{1,15}$/.test(length) ? { kind: "length", length: Number(length) } : null;
}

/** Fields as `message.headers` has them: names in lower case; some kept once, cookies as a list, the rest joined. */
export function headersOf(fields: HttpFields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const known = headers[key];
    if (key === "set-cookie") headers[key] = [...((known as string[] | undefined) ?? []), value];
    else if (known === undefined) headers[key] = value;
    else if (!ONCE.has(key)) headers[key] = `${known as string}${key === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

const ONCE = new Set(
  "age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent".split(
    " ",
  ),
);

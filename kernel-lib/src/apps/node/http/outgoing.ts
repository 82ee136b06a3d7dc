import type * as Stream from "node:stream";
import { httpDate } from "../../../wire/http.js";
import { nodeError, received } from "../errors.js";
import type { NetSocket } from "../net/socket.js";
import type { Runtime } from "../runtime.js";

type Done = (error?: Error | null) => void;
export type HeaderValue = string | number | readonly string[];
export type HeaderList =
  | Readonly<Record<string, HeaderValue | undefined>>
  | readonly (readonly [string, HeaderValue])[]
  | readonly string[];

/** An `http.OutgoingMessage` as this library uses it. */
export interface Outgoing extends Stream.Writable {
  socket: NetSocket | null;
  headersSent: boolean;
  keepAlive: boolean;
  sendDate: boolean;
  chunked: boolean;
  hasBody: boolean;
  setHeader(name: string, value: HeaderValue): this;
  getHeader(name: string): HeaderValue | undefined;
  hasHeader(name: string): boolean;
  setAll(headers: HeaderList | undefined): void;
  /** The first line, made when the head is written. */
  firstLine(): string;
  /** Gives it the connection; what waits goes out. */
  assign(socket: NetSocket): void;
  sendHead(length: number | null): void;
}

export type OutgoingClass = abstract new () => Outgoing;

/** The class `http.OutgoingMessage` of one process: head and body of a message on its way out. */
export function outgoingClass(runtime: Runtime): OutgoingClass {
  const { Writable } = runtime.core<typeof Stream>("stream");
  const { Buffer } = runtime.core<{ Buffer: BufferConstructor }>("buffer");

  abstract class OutgoingMessage extends Writable {
    socket: NetSocket | null = null;
    headersSent = false;
    sendDate = false;
    chunked = false;
    /** A message of this kind has a body (a HEAD or a 304 has none). */
    hasBody = true;
    keepAlive = true;
    finished = false;
    private readonly fields = new Map<string, [name: string, value: HeaderValue]>();
    private readonly waiting: { bytes: Buffer; done: Done }[] = [];

    constructor() {
      super({ decodeStrings: true, autoDestroy: false, emitClose: false });
    }

    abstract firstLine(): string;
    /** The fields about the connection: what the peer is to expect after this message. */
    abstract connectionFields(): readonly [string, string][];

    setHeader(name: string, value: HeaderValue): this {
      if (this.headersSent)
        throw nodeError("ERR_HTTP_HEADERS_SENT", "Cannot set headers after they are sent to the client");
      checkName(name);
      if (value === undefined)
        throw nodeError(
          "ERR_HTTP_INVALID_HEADER_VALUE",
          `Invalid value "undefined" for header "${name}"`,
          TypeError,
        );
      for (const one of [value].flat() as (string | number)[])
        if (/[^\t\x20-\x7e\x80-\xff]/.test(String(one)))
          throw nodeError("ERR_INVALID_CHAR", `Invalid character in header content ["${name}"]`, TypeError);
      this.fields.set(name.toLowerCase(), [name, value]);
      return this;
    }

    appendHeader(name: string, value: string | readonly string[]): this {
      const known = this.getHeader(name);
      return this.setHeader(
        name,
        known === undefined ? value : ([known, value].flat().map(String) as string[]),
      );
    }

    setHeaders(headers: Iterable<[string, string]>): this {
      for (const [name, value] of headers) this.setHeader(name, value);
      return this;
    }

    getHeader(name: string): HeaderValue | undefined {
      return this.fields.get(name.toLowerCase())?.[1];
    }

    hasHeader(name: string): boolean {
      return this.fields.has(name.toLowerCase());
    }

    removeHeader(name: string): void {
      if (this.headersSent)
        throw nodeError("ERR_HTTP_HEADERS_SENT", "Cannot remove headers after they are sent to the client");
      this.fields.delete(name.toLowerCase());
    }

    getHeaders(): Record<string, HeaderValue> {
      return Object.fromEntries([...this.fields].map(([key, [, value]]) => [key, value]));
    }

    getHeaderNames(): string[] {
      return [...this.fields.keys()];
    }

    getRawHeaderNames(): string[] {
      return [...this.fields.values()].map(([name]) => name);
    }

    setAll(headers: HeaderList | undefined): void {
      if (headers === undefined) return;
      if (!Array.isArray(headers)) {
        for (const [name, value] of Object.entries(headers))
          if (value !== undefined) this.setHeader(name, value as HeaderValue);
      } else if (Array.isArray(headers[0]))
        for (const [name, value] of headers as [string, HeaderValue][])
          this.appendHeader(name, String(value));
      else
        for (let i = 0; i < headers.length; i += 2)
          this.appendHeader(String(headers[i]), String(headers[i + 1]));
    }

    flushHeaders(): void {
      if (!this.headersSent) this.sendHead(null);
    }

    get connection(): NetSocket | null {
      return this.socket;
    }

    setTimeout(milliseconds: number, callback?: () => void): this {
      if (callback !== undefined) this.on("timeout", callback);
      if (this.socket === null)
        this.once("socket", (socket: NetSocket) =>
          socket.setTimeout(milliseconds, () => this.emit("timeout")),
        );
      else this.socket.setTimeout(milliseconds, () => this.emit("timeout"));
      return this;
    }

    assign(socket: NetSocket): void {
      this.socket = socket;
      socket.on("drain", () => this.emit("drain"));
      const { waiting } = this;
      for (const { bytes, done } of waiting.splice(0)) socket.write(bytes, done);
    }

    /** Writes the head; `length` is the body's, null when it is not known. */
    sendHead(length: number | null): void {
      this.headersSent = true;
      const lines = [this.firstLine()];
      for (const [name, value] of this.fields.values())
        for (const one of [value].flat()) lines.push(`${name}: ${String(one)}`);
      if (this.sendDate && !this.hasHeader("Date"))
        lines.push(`Date: ${httpDate(Math.floor(runtime.task.host.unixTime()))}`);
      for (const [name, value] of this.connectionFields()) lines.push(`${name}: ${value}`);
      if (!this.hasHeader("Content-Length") && !this.hasHeader("Transfer-Encoding")) {
        if (length !== null) {
          if (length >= 0) lines.push(`Content-Length: ${length}`);
        } else if (this.hasBody) {
          this.chunked = true;
          lines.push("Transfer-Encoding: chunked");
        }
      } else this.chunked = /chunked/i.test(String(this.getHeader("Transfer-Encoding") ?? ""));
      this.put(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), () => {});
    }

    /** What is written in one callback goes out in one piece. */
    private put(bytes: Buffer, done: Done): void {
      const { socket } = this;
      if (socket === null) {
        this.waiting.push({ bytes, done });
        return;
      }
      if (socket.destroyed) {
        done();
        return;
      }
      if (socket.writableCorked === 0) {
        socket.cork();
        runtime.loop.tick(() => socket.uncork());
      }
      socket.write(bytes, done);
    }

    override _write(chunk: Buffer, _encoding: string, done: Done): void {
      if (!this.headersSent) this.sendHead(this.ending);
      if (!this.hasBody || chunk.length === 0) {
        done();
        return;
      }
      if (!this.chunked) {
        this.put(chunk, done);
        return;
      }
      this.put(
        Buffer.concat([
          Buffer.from(`${chunk.length.toString(16)}\r\n`, "latin1"),
          chunk,
          Buffer.from("\r\n", "latin1"),
        ]),
        done,
      );
    }

    /** Length of the whole body where `end` is the first to write; null otherwise. */
    private ending: number | null = null;

    override end(...args: unknown[]): this {
      const [chunk, encoding] = args;
      if (!this.headersSent && !this.finished) {
        const body =
          typeof chunk === "string"
            ? Buffer.byteLength(chunk, (typeof encoding === "string" ? encoding : "utf8") as BufferEncoding)
            : chunk instanceof Uint8Array
              ? chunk.length
              : 0;
        this.ending = this.writableLength === 0 ? body : null;
        if (body === 0 && this.writableLength === 0) this.sendHead(this.lengthOfNothing());
      }
      this.finished = true;
      return super.end(...(args as []));
    }

    /** What Content-Length says of a message without a body; -1: there is no such field. */
    lengthOfNothing(): number {
      return this.hasBody ? 0 : -1;
    }

    override _final(done: Done): void {
      if (!this.headersSent) this.sendHead(this.lengthOfNothing());
      if (this.chunked && this.hasBody) this.put(Buffer.from("0\r\n\r\n", "latin1"), () => {});
      // Node tells of the end of a message when the socket has taken it.
      runtime.loop.tick(() => done());
    }

    override _destroy(error: Error | null, done: Done): void {
      this.socket?.destroy(error ?? undefined);
      done(error);
    }
  }
  return OutgoingMessage as unknown as OutgoingClass;
}

function checkName(name: unknown): void {
  if (typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return;
  throw nodeError(
    "ERR_INVALID_HTTP_TOKEN",
    `Header name must be a valid HTTP token [${typeof name === "string" ? `"${name}"` : received(name)}]`,
    TypeError,
  );
}

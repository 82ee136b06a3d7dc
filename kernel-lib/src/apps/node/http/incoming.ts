import type * as Stream from "node:stream";
import type { HttpHead } from "../../../wire/http.js";
import type { NetSocket } from "../net/socket.js";
import type { Runtime } from "../runtime.js";
import { headersOf } from "./parser.js";

/** An `http.IncomingMessage` as this library uses it. */
export interface Incoming extends Stream.Readable {
  readonly socket: NetSocket;
  method: string | null;
  url: string;
  statusCode: number | null;
  statusMessage: string | null;
  httpVersion: string;
  headers: Record<string, string | string[]>;
  complete: boolean;
  /** Wants its socket read again. */
  resumeSource: (() => void) | null;
  readHead(head: HttpHead): void;
}

export type IncomingClass = new (socket: NetSocket) => Incoming;

/** The class `http.IncomingMessage` of one process. */
export function incomingClass(runtime: Runtime): IncomingClass {
  const { Readable } = runtime.core<typeof Stream>("stream");
  class IncomingMessage extends Readable {
    method: string | null = null;
    url = "";
    statusCode: number | null = null;
    statusMessage: string | null = null;
    httpVersion = "1.1";
    httpVersionMajor = 1;
    httpVersionMinor = 1;
    headers: Record<string, string | string[]> = {};
    rawHeaders: string[] = [];
    trailers = {};
    rawTrailers: string[] = [];
    complete = false;
    aborted = false;
    upgrade: boolean | null = null;
    resumeSource: (() => void) | null = null;
    req: unknown = undefined;

    constructor(readonly socket: NetSocket) {
      super({ autoDestroy: true });
    }

    readHead({ first, fields }: HttpHead): void {
      this.rawHeaders = fields.flatMap(([name, value]) => [name, value]);
      this.headers = headersOf(fields);
      const version = /HTTP\/(\d)\.(\d)/.exec(first);
      this.httpVersion = version === null ? "1.1" : `${version[1]}.${version[2]}`;
      this.httpVersionMajor = Number(version?.[1] ?? 1);
      this.httpVersionMinor = Number(version?.[2] ?? 1);
    }

    get connection(): NetSocket {
      return this.socket;
    }

    get headersDistinct(): Record<string, string[]> {
      const all: Record<string, string[]> = {};
      for (let i = 0; i < this.rawHeaders.length; i += 2) {
        const name = this.rawHeaders[i]!.toLowerCase();
        all[name] ??= [];
        all[name].push(this.rawHeaders[i + 1]!);
      }
      return all;
    }

    setTimeout(milliseconds: number, callback?: () => void): this {
      if (callback !== undefined) this.on("timeout", callback);
      this.socket.setTimeout(milliseconds, () => this.emit("timeout"));
      return this;
    }

    override _read(): void {
      this.resumeSource?.();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      let failure = error;
      if (!this.readableEnded || !this.complete) {
        this.aborted = true;
        this.emit("aborted");
      }
      if (this.socket !== null && !this.socket.destroyed && this.aborted && !this.complete)
        this.socket.destroy(failure ?? undefined);
      // A message that was cut off tells so only who reads it.
      if (failure === null && !this.complete && this.listenerCount("error") > 0)
        failure = Object.assign(new Error("aborted"), { code: "ECONNRESET" });
      runtime.loop.tick(() => done(failure !== null && this.listenerCount("error") === 0 ? null : failure));
    }
  }
  return IncomingMessage as unknown as IncomingClass;
}

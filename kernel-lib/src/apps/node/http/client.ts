import type * as Events from "node:events";
import { type HttpHead, responseBody } from "../../../wire/http.js";
import { nodeError } from "../errors.js";
import type { NetSocket, NetSocketClass } from "../net/socket.js";
import type { Runtime } from "../runtime.js";
import type { Incoming, IncomingClass } from "./incoming.js";
import type { HeaderList, Outgoing, OutgoingClass } from "./outgoing.js";
import { type Body, HttpParser } from "./parser.js";

export interface RequestOptions {
  readonly protocol?: string;
  readonly host?: string | null;
  readonly hostname?: string | null;
  readonly port?: number | string | null;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly auth?: string | null;
  readonly agent?: Agent | false | null;
  readonly timeout?: number;
  readonly setHost?: boolean;
  readonly signal?: AbortSignal;
  readonly createConnection?: (options: object, done: () => void) => NetSocket;
  readonly localAddress?: string;
  readonly family?: number;
  readonly lookup?: unknown;
}

/** Connections kept for the next request (`http.Agent`). */
export interface Agent {
  readonly keepAlive: boolean;
  take(key: string): NetSocket | null;
  give(key: string, socket: NetSocket): void;
  destroy(): void;
}

/** The class `http.Agent` of one process. */
export function agentClass(runtime: Runtime): new (options?: { keepAlive?: boolean }) => Agent {
  const { EventEmitter } = runtime.core<typeof Events>("events");
  class HttpAgent extends EventEmitter implements Agent {
    readonly keepAlive: boolean;
    readonly options: object;
    maxSockets = Number.POSITIVE_INFINITY;
    maxFreeSockets = 256;
    defaultPort = 80;
    protocol = "http:";
    private readonly free = new Map<string, NetSocket[]>();

    constructor(options: { keepAlive?: boolean } = {}) {
      super();
      this.options = options;
      this.keepAlive = options.keepAlive ?? false;
    }

    take(key: string): NetSocket | null {
      const socket = this.free.get(key)?.shift() ?? null;
      socket?.ref();
      socket?.setTimeout(0);
      socket?.removeAllListeners("timeout");
      return socket;
    }

    give(key: string, socket: NetSocket): void {
      const idle = this.free.get(key) ?? [];
      this.free.set(key, [...idle, socket]);
      const drop = () =>
        this.free.set(
          key,
          (this.free.get(key) ?? []).filter((other) => other !== socket),
        );
      socket.once("close", drop);
      // The server keeps it for five seconds more: one is let go in time.
      socket.setTimeout(4000, () => socket.destroy());
      socket.unref();
    }

    destroy(): void {
      for (const sockets of this.free.values()) for (const socket of sockets) socket.destroy();
      this.free.clear();
    }
  }
  return HttpAgent;
}

export type RequestClass = new (input: string | URL | RequestOptions, ...rest: unknown[]) => Outgoing;

/** The class `http.ClientRequest` of one process. */
export function requestClass(
  runtime: Runtime,
  Base: OutgoingClass,
  IncomingMessage: IncomingClass,
  Socket: NetSocketClass,
  globalAgent: Agent,
): RequestClass {
  const { loop } = runtime;
  const { Buffer } = runtime.core<{ Buffer: BufferConstructor }>("buffer");

  class ClientRequest extends Base {
    readonly method: string;
    readonly path: string;
    readonly host: string;
    readonly protocol = "http:";
    aborted = false;
    reusedSocket = false;
    res: Incoming | null = null;
    private readonly agent: Agent | null;
    private readonly key: string;
    private failed = false;
    private answered = false;
    private handedOver = false;

    constructor(input: string | URL | RequestOptions, ...rest: unknown[]) {
      super();
      const options = readOptions(input, rest);
      const callback = rest.find((value) => typeof value === "function");
      if (callback !== undefined) this.once("response", callback as () => void);
      if ((options.protocol ?? "http:") !== "http:")
        throw nodeError(
          "ERR_INVALID_PROTOCOL",
          `Protocol "${options.protocol}" not supported. Expected "http:"`,
          TypeError,
        );
      this.method = (options.method ?? "GET").toUpperCase();
      this.path = options.path || "/";
      if (/[^\u0021-\u00ff]/.test(this.path))
        throw nodeError("ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters", TypeError);
      this.host = options.hostname ?? options.host ?? "localhost";
      const port = Number(options.port || 80);
      this.key = `${this.host}:${port}:${options.localAddress ?? ""}`;
      this.setAll(options.headers);
      if (options.auth && !this.hasHeader("Authorization"))
        this.setHeader("Authorization", `Basic ${Buffer.from(options.auth).toString("base64")}`);
      if (options.setHost !== false && !this.hasHeader("Host"))
        this.setHeader("Host", port === 80 ? this.host : `${this.host}:${port}`);
      this.hasBody =
        !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"].includes(this.method) ||
        this.hasHeader("Transfer-Encoding");
      this.agent =
        options.agent === false || options.createConnection !== undefined
          ? null
          : (options.agent ?? globalAgent);
      this.keepAlive = this.agent?.keepAlive ?? false;
      options.signal?.addEventListener("abort", () => this.destroy(options.signal?.reason as Error));
      if (options.timeout)
        (this as unknown as { setTimeout(time: number): void }).setTimeout(options.timeout);
      const kept = this.agent?.take(this.key) ?? null;
      this.reusedSocket = kept !== null;
      const socket = kept ?? this.open(options, port);
      loop.tick(() => this.use(socket));
    }

    private open(options: RequestOptions, port: number): NetSocket {
      const where = { ...options, host: this.host, port, path: undefined, timeout: undefined };
      if (options.createConnection !== undefined)
        return options.createConnection({ ...options, host: this.host, port }, () => {});
      return new Socket({ noDelay: true }).connect(where);
    }

    override firstLine(): string {
      return `${this.method} ${this.path} HTTP/1.1`;
    }

    connectionFields(): readonly [string, string][] {
      if (this.hasHeader("Connection")) return [];
      return [["Connection", this.keepAlive ? "keep-alive" : "close"]];
    }

    lengthOfNothing(): number {
      return this.hasBody ? 0 : -1;
    }

    override sendHead(length: number | null): void {
      if (length !== null && length > 0) this.hasBody = true;
      if (length === null && !this.headersSent) this.hasBody = true;
      super.sendHead(length);
    }

    abort(): void {
      if (this.aborted) return;
      this.aborted = true;
      loop.tick(() => this.emit("abort"));
      this.destroy();
    }

    setNoDelay(): this {
      return this;
    }

    setSocketKeepAlive(): this {
      return this;
    }

    private use(socket: NetSocket): void {
      if (this.destroyed) {
        socket.destroy();
        return;
      }
      socket._httpMessage = this;
      const parser = new HttpParser({
        head: (head) => this.begin(head, socket),
        data: (bytes) => this.take(bytes, socket),
        end: () => this.finish(socket),
        upgrade: (rest) => this.upgrade(socket, rest),
        failed: (code, reason) =>
          socket.destroy(Object.assign(nodeError(code, `Parse Error: ${reason}`), { reason })),
      });
      this.listeners_ = {
        data: (bytes: Uint8Array) => parser.take(bytes),
        end: () => {
          parser.finish();
          if (!this.answered) this.fail(hangUp());
        },
        error: (error: Error) => this.fail(error),
        close: () => {
          if (!this.answered) this.fail(hangUp());
          else if (this.res !== null && !this.res.complete)
            this.res.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
          if (!this.handedOver) this.emit("close");
        },
      };
      for (const [name, listener] of Object.entries(this.listeners_)) socket.on(name, listener as () => void);
      this.socket = socket;
      this.emit("socket", socket);
      this.assign(socket);
    }

    private listeners_: Record<string, (value: never) => void> = {};

    private begin(head: HttpHead, socket: NetSocket): Body {
      const match = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(head.first);
      if (match === null) {
        socket.destroy(
          Object.assign(nodeError("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"), {
            reason: "Expected HTTP/, RTSP/ or ICE/",
          }),
        );
        return { kind: "length", length: 0 };
      }
      const status = Number(match[1]);
      const incoming = new IncomingMessage(socket);
      incoming.readHead(head);
      incoming.statusCode = status;
      incoming.statusMessage = match[2] ?? "";
      this.res = incoming;
      if (status === 100) {
        this.emit("continue");
        return { kind: "length", length: 0 };
      }
      this.answered = true;
      if (status === 101 || (this.method === "CONNECT" && status < 300)) return { kind: "other" };
      const handled = this.emit("response", incoming);
      if (!handled) incoming.resume();
      return responseBody(head.fields, status, this.method) ?? { kind: "close" };
    }

    private take(bytes: Uint8Array, socket: NetSocket): void {
      const incoming = this.res;
      if (incoming === null || incoming.push(Buffer.from(bytes))) return;
      socket.pause();
      incoming.resumeSource = () => {
        incoming.resumeSource = null;
        socket.resume();
      };
    }

    private finish(socket: NetSocket): void {
      const incoming = this.res;
      if (incoming === null || incoming.statusCode === 100) return;
      incoming.complete = true;
      incoming.push(null);
      const kept = this.keepAlive && !/\bclose\b/i.test(String(incoming.headers["connection"] ?? ""));
      this.leave(socket);
      loop.tick(() => {
        this.emit("close");
        if (kept && !socket.destroyed && this.agent !== null) this.agent.give(this.key, socket);
        else socket.destroy();
      });
    }

    private upgrade(socket: NetSocket, rest: Uint8Array): void {
      this.leave(socket);
      const name = this.method === "CONNECT" ? "connect" : "upgrade";
      this.res!.complete = true;
      if (!this.emit(name, this.res, socket, Buffer.from(rest))) socket.destroy();
    }

    /** The socket is nobody's, or another's, from here on. */
    private leave(socket: NetSocket): void {
      this.handedOver = true;
      for (const [name, listener] of Object.entries(this.listeners_))
        socket.off(name, listener as () => void);
    }

    private fail(error: Error): void {
      if (this.failed) return;
      this.failed = true;
      this.destroyed = true;
      this.socket?.destroy();
      this.emit("error", error);
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      this.failed = true;
      this.res?.destroy(error ?? undefined);
      this.socket?.destroy();
      const failure = error ?? (this.answered ? null : hangUp());
      if (this.socket === null) loop.tick(() => this.emit("close"));
      done(failure);
    }
  }
  return ClientRequest as unknown as RequestClass;
}

function hangUp(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

/** `request(url, options)` or `request(options)`. */
function readOptions(input: string | URL | RequestOptions, rest: readonly unknown[]): RequestOptions {
  if (typeof input !== "string" && !(input instanceof URL)) return input;
  const url = typeof input === "string" ? new URL(input) : input;
  const [more] = rest;
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    auth:
      url.username === "" ? null : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
    ...(typeof more === "object" && more !== null ? more : {}),
  };
}

import type * as Events from "node:events";
import { ms } from "../../../base/units.js";
import type { HttpHead } from "../../../wire/http.js";
import { nodeError } from "../errors.js";
import type { NetServer, NetServerClass } from "../net/server.js";
import type { NetSocket } from "../net/socket.js";
import type { Runtime } from "../runtime.js";
import type { Incoming, IncomingClass } from "./incoming.js";
import type { HeaderList, Outgoing, OutgoingClass } from "./outgoing.js";
import { type Body, HttpParser, requestBody } from "./parser.js";
import { STATUS_CODES } from "./status.js";

export interface Response extends Outgoing {
  statusCode: number;
  statusMessage: string | undefined;
  writeHead(status: number, ...rest: unknown[]): this;
}

export type ResponseClass = new (request: Incoming) => Response;

/** The class `http.ServerResponse` of one process. */
export function responseClass(Base: OutgoingClass): ResponseClass {
  class ServerResponse extends Base {
    statusCode = 200;
    statusMessage: string | undefined = undefined;
    /** Seconds that the server keeps the connection for another request. */
    keepAliveSeconds = 5;

    constructor(readonly req: Incoming) {
      super();
      this.sendDate = true;
      this.hasBody = req.method !== "HEAD";
      const wanted = String(req.headers["connection"] ?? "").toLowerCase();
      this.keepAlive = req.httpVersion === "1.1" ? !/\bclose\b/.test(wanted) : /\bkeep-alive\b/.test(wanted);
    }

    override firstLine(): string {
      return `HTTP/1.1 ${this.statusCode} ${this.statusMessage ?? STATUS_CODES[this.statusCode] ?? "unknown"}`;
    }

    connectionFields(): readonly [string, string][] {
      const own = this.getHeader("Connection");
      if (own !== undefined) {
        if (/\bclose\b/i.test(String(own))) this.keepAlive = false;
        return [];
      }
      return this.keepAlive
        ? [
            ["Connection", "keep-alive"],
            ["Keep-Alive", `timeout=${this.keepAliveSeconds}`],
          ]
        : [["Connection", "close"]];
    }

    lengthOfNothing(): number {
      return this.hasBody ? 0 : -1;
    }

    writeHead(status: number, ...rest: unknown[]): this {
      if (this.headersSent)
        throw nodeError("ERR_HTTP_HEADERS_SENT", "Cannot write headers after they are sent to the client");
      if (!Number.isInteger(status) || status < 100 || status > 999)
        throw nodeError("ERR_HTTP_INVALID_STATUS_CODE", `Invalid status code: ${status}`, RangeError);
      this.statusCode = status;
      if (typeof rest[0] === "string") this.statusMessage = rest.shift() as string;
      this.setAll(rest[0] as HeaderList | undefined);
      if (status === 204 || status === 304 || status < 200) this.hasBody = false;
      return this;
    }

    writeContinue(): void {
      this.socket?.write("HTTP/1.1 100 Continue\r\n\r\n");
    }

    override sendHead(length: number | null): void {
      if (this.statusCode === 204 || this.statusCode === 304) this.hasBody = false;
      super.sendHead(this.hasBody ? length : (length ?? -1));
    }
  }
  return ServerResponse as unknown as ResponseClass;
}

export interface HttpServer extends NetServer {
  timeout: number;
  keepAliveTimeout: number;
}

/** The class `http.Server` of one process. */
export function httpServerClass(
  runtime: Runtime,
  Net: NetServerClass,
  IncomingMessage: IncomingClass,
  ServerResponse: ResponseClass,
): NetServerClass {
  class Server extends (Net as new (...args: unknown[]) => NetServer & Events.EventEmitter) {
    timeout = 0;
    keepAliveTimeout = 5000;
    headersTimeout = 60_000;
    requestTimeout = 300_000;
    maxHeadersCount: number | null = null;
    maxRequestsPerSocket = 0;

    constructor(...args: unknown[]) {
      const [first, second] = args;
      const options = typeof first === "object" && first !== null ? first : {};
      super({ noDelay: true, allowHalfOpen: true, ...options });
      const { keepAliveTimeout } = options as { keepAliveTimeout?: number };
      if (keepAliveTimeout !== undefined) this.keepAliveTimeout = keepAliveTimeout;
      const handler = typeof first === "function" ? first : second;
      if (typeof handler === "function") this.on("request", handler as () => void);
      this.on(
        "connection",
        (socket: NetSocket) => new Connection(runtime, this, socket, IncomingMessage, ServerResponse),
      );
    }

    setTimeout(milliseconds: number, callback?: () => void): this {
      this.timeout = milliseconds;
      if (callback !== undefined) this.on("timeout", callback);
      return this;
    }

    override close(callback?: (error?: Error) => void): this {
      super.close(callback);
      this.closeIdleConnections();
      return this;
    }

    closeAllConnections(): void {
      for (const socket of [...this.visitors]) socket.destroy();
    }

    closeIdleConnections(): void {
      for (const socket of [...this.visitors])
        if ((socket.parser as Connection | undefined)?.idle === true) socket.destroy();
    }
  }
  return Server as unknown as NetServerClass;
}

/** One connection of a server: requests come in, answers go out in the same order. */
class Connection {
  private readonly parser: HttpParser;
  private incoming: Incoming | null = null;
  /** Answers that are not complete yet, in the order of their requests. */
  private readonly answers: Response[] = [];
  private closing = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly server: HttpServer,
    private readonly socket: NetSocket,
    private readonly IncomingMessage: IncomingClass,
    private readonly ServerResponse: ResponseClass,
  ) {
    socket.parser = this;
    this.parser = new HttpParser({
      head: (head) => this.begin(head),
      data: (bytes) => this.body(bytes),
      end: () => {
        const { incoming } = this;
        if (incoming === null) return;
        incoming.complete = true;
        incoming.push(null);
        this.incoming = null;
      },
      upgrade: (rest) => this.upgrade(rest),
      failed: (code, reason) => this.refuse(code, reason),
    });
    socket.on("data", this.take);
    socket.on("end", this.finish);
    socket.on("error", this.fail);
    socket.on("close", this.closed);
    socket.on("timeout", this.late);
    if (server.timeout > 0) socket.setTimeout(server.timeout);
  }

  get idle(): boolean {
    return this.answers.length === 0 && this.parser.idle;
  }

  private readonly take = (bytes: Uint8Array) => {
    if (this.answers.length === 0) this.socket.setTimeout(this.server.timeout);
    this.parser.take(bytes);
  };

  private readonly finish = () => {
    this.parser.finish();
    if (this.answers.length === 0) this.socket.end();
    else this.closing = true;
  };

  private readonly fail = (error: Error) => {
    if (!this.server.emit("clientError", error, this.socket)) this.socket.destroy(error);
  };

  private readonly closed = () => {
    for (const answer of this.answers) {
      if (!answer.writableFinished) answer.destroyed = true;
      answer.emit("close");
    }
    const pending = this.incoming;
    pending?.destroy();
    for (const { req } of this.answers as unknown as { req: Incoming }[])
      if (req !== pending && !req.complete) req.destroy();
      else req.emit("close");
  };

  private readonly late = () => {
    if (!this.server.emit("timeout", this.socket)) this.socket.destroy();
  };

  private begin(head: HttpHead): Body {
    const match = /^([A-Z-]+) (\S+) HTTP\/1\.[01]$/.exec(head.first);
    const body = requestBody(head.fields);
    if (match === null || body === null) {
      this.refuse("HPE_INVALID_METHOD", "Invalid method encountered");
      return { kind: "length", length: 0 };
    }
    const incoming = new this.IncomingMessage(this.socket);
    incoming.method = match[1]!;
    incoming.url = match[2]!;
    incoming.readHead(head);
    this.incoming = incoming;
    const other =
      incoming.headers["upgrade"] !== undefined &&
      /\bupgrade\b/i.test(String(incoming.headers["connection"] ?? ""));
    if (
      (other && this.server.listenerCount("upgrade") > 0) ||
      (incoming.method === "CONNECT" && this.server.listenerCount("connect") > 0)
    )
      return { kind: "other" };
    this.answer(incoming);
    return body;
  }

  private answer(incoming: Incoming): void {
    const response = new this.ServerResponse(incoming);
    this.answers.push(response);
    if (this.answers[0] === response) response.assign(this.socket);
    else response.socket = null;
    response.on("finish", () => this.answered(response));
    if (/100-continue/i.test(String(incoming.headers["expect"] ?? ""))) {
      if (this.server.emit("checkContinue", incoming, response)) return;
      this.socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    const { task, loop } = this.runtime;
    const time = task.host.serviceTime(task);
    if (time === 0) this.server.emit("request", incoming, response);
    else {
      const release = loop.hold("work");
      loop.at(task.host.processors.work(time), () => {
        release();
        if (!this.socket.destroyed) this.server.emit("request", incoming, response);
      });
    }
  }

  private answered(response: Response): void {
    this.answers.shift();
    response.socket = this.socket;
    const { req } = response as unknown as { req: Incoming };
    // What the handler left unread is thrown away, so that the next request is reached.
    if (!req.readableEnded) req.resume();
    response.destroyed = true;
    response.emit("close");
    const next = this.answers[0];
    if (!response.keepAlive || (this.closing && next === undefined)) {
      this.socket.end();
      if (!this.closing) (this.socket as unknown as { destroySoon(): void }).destroySoon();
      return;
    }
    if (next !== undefined) next.assign(this.socket);
    else if (this.server.listening) this.socket.setTimeout(this.server.keepAliveTimeout + KEEP_ALIVE_BUFFER);
    else this.socket.end();
  }

  private body(bytes: Uint8Array): void {
    const { incoming, socket } = this;
    if (incoming === null) return;
    const { Buffer } = this.runtime.core<{ Buffer: BufferConstructor }>("buffer");
    if (incoming.push(Buffer.from(bytes))) return;
    socket.pause();
    incoming.resumeSource = () => {
      incoming.resumeSource = null;
      socket.resume();
    };
  }

  /** The connection is the listener's from here on. */
  private upgrade(rest: Uint8Array): void {
    const incoming = this.incoming!;
    this.incoming = null;
    incoming.complete = true;
    incoming.push(null);
    const { socket } = this;
    socket.off("data", this.take);
    socket.off("end", this.finish);
    socket.off("error", this.fail);
    socket.off("close", this.closed);
    socket.off("timeout", this.late);
    socket.setTimeout(0);
    const { Buffer } = this.runtime.core<{ Buffer: BufferConstructor }>("buffer");
    this.server.emit(
      incoming.method === "CONNECT" ? "connect" : "upgrade",
      incoming,
      socket,
      Buffer.from(rest),
    );
  }

  private refuse(code: string, reason: string): void {
    const error = Object.assign(nodeError(code, `Parse Error: ${reason}`), { reason });
    if (this.server.emit("clientError", error, this.socket)) return;
    this.socket.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    this.socket.destroy();
  }
}

/** What the server waits longer than it says, for a request that is under way (keepAliveTimeoutBuffer), in milliseconds. */
const KEEP_ALIVE_BUFFER = ms(1000) / 1e6;

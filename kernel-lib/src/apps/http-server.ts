import { KernelError } from "../base/errno.js";
import { type Nanoseconds, us } from "../base/units.js";
import type { Process, Program, Steps } from "../host/process.js";
import { until } from "../host/waits.js";
import type { WaitQueue } from "../sim/wait-queue.js";
import type { Endpoint } from "../socket/tcp/state.js";
import type { TcpSocket } from "../socket/tcp/tcp-socket.js";
import { openSocket } from "../tools/net/stream.js";
import { field, type HttpFields, join, readHead } from "../wire/http.js";

/** A request as a handler sees it. */
export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: HttpFields;
  readonly body: Uint8Array;
  readonly peer: Endpoint;
}

/** What a handler answers. `close`: the connection ends after it. */
export interface HttpResponse {
  readonly head: string;
  readonly body: Uint8Array;
  readonly close: boolean;
}

export interface HttpServerOptions {
  readonly port: number;
  /** Answers a request; `null` stands for one that is malformed. */
  readonly handler: (process: Process, request: HttpRequest | null, peer: Endpoint) => HttpResponse;
  readonly backlog?: number;
  /** Time between the last byte and the close: the exit of a process forked for the connection. */
  readonly exitTime?: Nanoseconds;
  /** What is printed when the port is taken; the exit status is 1. */
  readonly bindError?: (error: string) => string;
}

/** Largest request body that is taken. */
const BODY_LIMIT = 1 << 20;

interface Visitor {
  readonly socket: TcpSocket;
  input: Uint8Array;
  output: Uint8Array;
  /** Virtual time at which it is closed; null while it is served. */
  closeAt: Nanoseconds | null;
  ending: boolean;
}

/** A server on a port of the process's namespace. It runs until it is killed; its sockets are closed then. */
export function httpServer(options: HttpServerOptions): Program {
  return function* (process) {
    const listener = openSocket(process);
    const visitors = new Set<Visitor>();
    try {
      listener.options.reuseAddress = true;
      try {
        listener.bind(0, options.port);
        listener.listen(options.backlog ?? 511);
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        process.stderr.write(options.bindError?.(error.message) ?? `bind: ${error.message}\n`);
        return 1;
      }
      yield* serve(process, listener, visitors, options);
      return 0;
    } finally {
      for (const { socket } of visitors) socket.close();
      listener.close();
    }
  };
}

function* serve(
  process: Process,
  listener: TcpSocket,
  visitors: Set<Visitor>,
  options: HttpServerOptions,
): Steps<never> {
  const { scheduler } = process.host.world;
  for (;;) {
    for (let socket = listener.accept(); socket !== null; socket = listener.accept()) {
      visitors.add({
        socket,
        input: new Uint8Array(0),
        output: new Uint8Array(0),
        closeAt: null,
        ending: false,
      });
    }
    const queues: WaitQueue[] = [listener.wait];
    let deadline: Nanoseconds | null = null;
    for (const visitor of visitors) {
      attend(process, visitor, options);
      if (visitor.closeAt !== null && visitor.closeAt <= scheduler.now) {
        visitor.socket.close();
        visitors.delete(visitor);
      } else {
        queues.push(visitor.socket.wait);
        if (visitor.closeAt !== null) deadline = Math.min(deadline ?? visitor.closeAt, visitor.closeAt);
      }
    }
    yield* until(queues, deadline);
  }
}

/** Does what can be done for one connection now. An error of the socket ends it. */
function attend(process: Process, visitor: Visitor, options: HttpServerOptions): void {
  const { now } = process.host.world.scheduler;
  try {
    let ended = false;
    for (let bytes = visitor.socket.receive(65536); bytes !== null; bytes = visitor.socket.receive(65536)) {
      if (bytes.length === 0) {
        ended = true;
        break;
      }
      if (!visitor.ending) visitor.input = join(visitor.input, bytes);
    }
    while (!visitor.ending && answerNext(process, visitor, options));
    if (visitor.output.length > 0)
      visitor.output = visitor.output.subarray(visitor.socket.send(visitor.output));
    const done = visitor.output.length === 0 && (visitor.ending || ended);
    if (done && visitor.closeAt === null) visitor.closeAt = now + (options.exitTime ?? us(20));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    visitor.closeAt = now;
  }
}

/** Answers the request at the front of the input. False when it is not complete. */
function answerNext(process: Process, visitor: Visitor, options: HttpServerOptions): boolean {
  if (visitor.input.length === 0) return false;
  const { remote } = visitor.socket;
  const read = readRequest(visitor.input, remote);
  if (read === null) return false;
  const request = read === "malformed" ? null : read.request;
  visitor.input = read === "malformed" ? new Uint8Array(0) : visitor.input.slice(read.length);
  const response = options.handler(process, request, remote);
  const head = new TextEncoder().encode(response.head);
  if (visitor.output.length === 0) {
    const taken = visitor.socket.send(head);
    visitor.output = join(head.subarray(taken), response.body);
  } else {
    visitor.output = join(visitor.output, join(head, response.body));
  }
  visitor.ending = response.close || request === null;
  return !visitor.ending;
}

function readRequest(
  bytes: Uint8Array,
  peer: Endpoint,
): { request: HttpRequest; length: number } | null | "malformed" {
  const head = readHead(bytes);
  if (head === null || head === "malformed") return head;
  const line = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/.exec(head.first);
  const size = field(head.fields, "Content-Length") ?? "0";
  if (line === null || !/^\d{1,9}$/.test(size) || Number(size) > BODY_LIMIT) return "malformed";
  const length = head.length + Number(size);
  if (bytes.length < length) return null;
  const [, method = "", target = "", version = ""] = line;
  return {
    request: { method, target, version, fields: head.fields, body: bytes.slice(head.length, length), peer },
    length,
  };
}

/** True when the client wants the connection kept (RFC 9112 §9.3). */
export function keepsAlive(request: HttpRequest): boolean {
  const connection = (field(request.fields, "Connection") ?? "").toLowerCase();
  return request.version === "HTTP/1.1" ? connection !== "close" : connection === "keep-alive";
}

import type { Ipv4 } from "../base/addresses.js";
import { KernelError } from "../base/errno.js";
import { type Nanoseconds, us } from "../base/units.js";
import type { Process, Program, Steps, Wait } from "../host/process.js";
import { sleepUntil, until } from "../host/waits.js";
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
  /** The server's own end. */
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/** What a handler answers. `close`: the connection ends after it. */
export interface HttpResponse {
  readonly head: string;
  readonly body: Uint8Array;
  readonly close: boolean;
  /** IP_TTL of the connection from this answer on; without it the system's default stays. */
  readonly ttl?: number;
}

/** An answer that is there, or one that takes time: the server serves its other connections meanwhile. */
export type HttpAnswer = HttpResponse | Steps<HttpResponse>;

export interface HttpServerOptions {
  /** One port, or several that one process listens on. */
  readonly port: number | readonly number[];
  /** Address to listen on; all of the namespace without it. */
  readonly address?: Ipv4;
  /** Answers a request; `null` stands for one that is malformed. */
  readonly handler: (process: Process, request: HttpRequest | null, peer: Endpoint) => HttpAnswer;
  readonly backlog?: number;
  /** Time between the last byte and the close: the exit of a process forked for the connection. */
  readonly exitTime?: Nanoseconds;
  /** Takes requests of HTTP/0.9, a line `GET /` by itself, and answers them with the bare page. */
  readonly simpleRequests?: boolean;
  /** What is printed when the port is taken; the exit status is 1. */
  readonly bindError?: (error: string, port: number) => string;
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
  /** It has had an answer and may ask again. */
  kept: boolean;
  /** Its last request was one of HTTP/0.9. */
  simple: boolean;
  /** The answer that is being made; requests behind it wait. */
  answering: Steps<HttpResponse> | null;
  /** What the answer waits for. */
  wait: Wait | null;
}

/** A server on ports of the process's namespace. It runs until it is killed; its sockets are closed then. */
export function httpServer(options: HttpServerOptions): Program {
  return function* (process) {
    const listeners: TcpSocket[] = [];
    const visitors = new Set<Visitor>();
    try {
      for (const port of [options.port].flat()) {
        try {
          listeners.push(listenOn(process, port, options));
        } catch (error) {
          if (!(error instanceof KernelError)) throw error;
          process.stderr.write(options.bindError?.(error.message, port) ?? `bind: ${error.message}\n`);
          return 1;
        }
      }
      yield* serve(process, listeners, visitors, options);
      return 0;
    } finally {
      for (const visitor of visitors) leave(visitor);
      for (const listener of listeners) listener.close();
    }
  };
}

function listenOn(process: Process, port: number, options: HttpServerOptions): TcpSocket {
  const listener = openSocket(process);
  listener.options.reuseAddress = true;
  try {
    listener.bind(options.address ?? 0, port);
    listener.listen(options.backlog ?? 511);
  } catch (error) {
    listener.close();
    throw error;
  }
  return listener;
}

function* serve(
  process: Process,
  listeners: readonly TcpSocket[],
  visitors: Set<Visitor>,
  options: HttpServerOptions,
): Steps<never> {
  const { scheduler } = process.host.world;
  for (;;) {
    for (const listener of listeners)
      for (let socket = listener.accept(); socket !== null; socket = listener.accept())
        visitors.add(newVisitor(socket));
    const queues: WaitQueue[] = listeners.map(({ wait }) => wait);
    let deadline: Nanoseconds | null = null;
    for (const visitor of visitors) {
      attend(process, visitor, options);
      if (visitor.closeAt !== null && visitor.closeAt <= scheduler.now) {
        leave(visitor);
        visitors.delete(visitor);
        continue;
      }
      const wait = waitOf(visitor);
      queues.push(...wait.queues);
      if (wait.deadline !== null) deadline = Math.min(deadline ?? wait.deadline, wait.deadline);
    }
    yield* until(queues, deadline);
  }
}

function newVisitor(socket: TcpSocket): Visitor {
  return {
    socket,
    input: new Uint8Array(0),
    output: new Uint8Array(0),
    closeAt: null,
    ending: false,
    kept: false,
    simple: false,
    answering: null,
    wait: null,
  };
}

/** What the server waits for on account of one connection. */
function waitOf({ socket, wait, closeAt }: Visitor): { queues: WaitQueue[]; deadline: Nanoseconds | null } {
  const queues = [socket.wait];
  if (wait === null || wait.kind === "promise") return { queues, deadline: closeAt };
  queues.push(...wait.queues);
  const limit = ("deadline" in wait ? wait.deadline : null) ?? null;
  return {
    queues,
    deadline: closeAt === null || limit === null ? (closeAt ?? limit) : Math.min(closeAt, limit),
  };
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
    const done = visitor.output.length === 0 && visitor.answering === null && (visitor.ending || ended);
    if (done && visitor.closeAt === null) visitor.closeAt = now + (options.exitTime ?? us(20));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    visitor.closeAt = now;
  }
}

/** Answers the request at the front of the input. False when it is not complete, or its answer not ready. */
function answerNext(process: Process, visitor: Visitor, options: HttpServerOptions): boolean {
  if (visitor.answering === null) {
    if (visitor.input.length === 0) return false;
    const { remote } = visitor.socket;
    const { local } = visitor.socket;
    const simple = options.simpleRequests ? readSimpleRequest(visitor.input, local, remote) : null;
    const read = simple ?? readRequest(visitor.input, local, remote);
    if (read === null) return false;
    const request = read === "malformed" ? null : read.request;
    visitor.simple = simple !== null;
    visitor.input = read === "malformed" ? new Uint8Array(0) : visitor.input.slice(read.length);
    const answer = answerOf(process, request, remote, options);
    if ("head" in answer) return reply(visitor, answer, request === null);
    visitor.answering = answer;
  }
  const step = visitor.answering.next();
  visitor.wait = step.done === true ? null : step.value;
  if (step.done !== true) return false;
  visitor.answering = null;
  return reply(visitor, step.value, false);
}

/** The handler's answer: at once, or when the machine has had the processor time for it. */
function answerOf(
  process: Process,
  request: HttpRequest | null,
  peer: Endpoint,
  { handler }: HttpServerOptions,
): HttpAnswer {
  const time = process.host.serviceTime(process);
  if (time === 0) return handler(process, request, peer);
  return answerAfter(process, process.host.processors.work(time), () => handler(process, request, peer));
}

function* answerAfter(process: Process, done: Nanoseconds, answer: () => HttpAnswer): Steps<HttpResponse> {
  yield* sleepUntil(process.host.world.scheduler, done);
  const made = answer();
  return "head" in made ? made : yield* made;
}

/** Sends an answer. False when it is the connection's last. */
function reply(visitor: Visitor, response: HttpResponse, last: boolean): boolean {
  const head = new TextEncoder().encode(visitor.simple ? "" : response.head);
  // As nginx does once it keeps a connection (tcp_nodelay): the next body does not wait for its head's acknowledgement.
  if (visitor.kept) visitor.socket.options.noDelay = true;
  if (response.ttl !== undefined) visitor.socket.setTtl(response.ttl);
  if (visitor.output.length === 0) {
    const taken = visitor.socket.send(head);
    visitor.output = join(head.subarray(taken), response.body);
  } else {
    visitor.output = join(visitor.output, join(head, response.body));
  }
  visitor.ending = response.close || last || visitor.simple;
  visitor.kept = !visitor.ending;
  return visitor.kept;
}

function leave({ socket, answering }: Visitor): void {
  socket.close();
  answering?.return(undefined as never);
}

function readRequest(
  bytes: Uint8Array,
  local: Endpoint,
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
    request: {
      method,
      target,
      version,
      fields: head.fields,
      body: bytes.slice(head.length, length),
      local,
      peer,
    },
    length,
  };
}

/** A line without a version (RFC 1945, Simple-Request). */
function readSimpleRequest(
  bytes: Uint8Array,
  local: Endpoint,
  peer: Endpoint,
): { request: HttpRequest; length: number } | null {
  const length = bytes.indexOf(10) + 1;
  const line = /^GET (\S+)\r?\n$/.exec(new TextDecoder("latin1").decode(bytes.subarray(0, length)));
  if (line === null) return null;
  const request = {
    method: "GET",
    target: line[1]!,
    version: "HTTP/0.9",
    fields: [],
    body: new Uint8Array(0),
  };
  return { request: { ...request, local, peer }, length };
}

/** True when the client wants the connection kept (RFC 9112 §9.3). */
export function keepsAlive(request: HttpRequest): boolean {
  const connection = (field(request.fields, "Connection") ?? "").toLowerCase();
  return request.version === "HTTP/1.1" ? connection !== "close" : connection === "keep-alive";
}

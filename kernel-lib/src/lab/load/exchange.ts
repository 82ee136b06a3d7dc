import type { Ipv4 } from "../../base/addresses.js";
import { type Errno, KernelError } from "../../base/errno.js";
import { NO_TIMER, type Scheduler, type TimerId } from "../../sim/scheduler.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { ChunkReader, field, type HttpHead, join, readHead, responseBody } from "../../wire/http.js";

const LATIN = new TextDecoder("latin1");
const EMPTY = new Uint8Array(0);

/** Why a connection ended without an answer, in the words of curl and ab. */
const WORDS: Readonly<Partial<Record<Errno, string>>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "timed out",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network unreachable",
  EADDRNOTAVAIL: "cannot assign address",
  EADDRINUSE: "no free local port",
};

/** Where a request's end is told. */
export interface Outcome {
  answered(request: number, text: string): void;
  failed(request: number, reason: string): void;
  /** The connection takes the next request. */
  idle(connection: LoadConnection): void;
  /** The connection is over. */
  gone(connection: LoadConnection): void;
}

/** One TCP connection of a load, with at most one request on its way. What it waits for calls it; it has no program of its own. */
export class LoadConnection {
  private request = -1;
  private words: Uint8Array = EMPTY;
  private sent = false;
  private input: Uint8Array = EMPTY;
  private head: HttpHead | null = null;
  private timer: TimerId = NO_TIMER;
  /** It stands in the socket's queue. */
  private waits = false;
  private over = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly socket: TcpSocket,
    /** The url that it leads to. */
    readonly url: number,
    private readonly outcome: Outcome,
  ) {}

  /** Begins the handshake, from an address of this machine or 0 for the route's, and sends a request when it is there. */
  open(request: number, from: Ipv4, address: Ipv4, port: number): void {
    this.request = request;
    try {
      if (from !== 0) this.socket.bind(from, 0);
      this.socket.connect(address, port);
    } catch (error) {
      this.end(error);
    }
  }

  /** Sends a request, as soon as the connection is there; it has failed when no answer is complete at `deadline`. */
  ask(request: number, words: Uint8Array, deadline: number): void {
    if (this.over) return;
    this.request = request;
    this.words = words;
    this.sent = false;
    this.input = EMPTY;
    this.head = null;
    this.timer = this.scheduler.at(deadline, expire, this);
    this.look();
  }

  private readonly wake = (): void => {
    this.waits = false;
    this.look();
  };

  /** Looks what has become possible, and waits for more. */
  private look(): void {
    if (this.over) return;
    try {
      if (!this.goOn() || this.waits) return;
      this.waits = true;
      this.socket.wait.add(this.wake);
    } catch (error) {
      this.end(error);
    }
  }

  /** No answer in time. @internal */
  expire(): void {
    this.timer = NO_TIMER;
    this.end(new KernelError("ETIMEDOUT"));
  }

  /** The load is over: what was kept is closed. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.scheduler.cancel(this.timer);
    this.socket.close();
  }

  /** False at the end of the connection. Throws the socket's error. */
  private goOn(): boolean {
    const { socket } = this;
    const { state } = socket;
    if (state === "SYN_SENT" || state === "SYN_RECV") return true;
    if (socket.error !== null) throw new KernelError(socket.error);
    if (!this.sent && this.request >= 0) {
      this.sent = true;
      socket.send(this.words);
    }
    for (;;) {
      const bytes = socket.receive(65536);
      if (bytes === null) return true;
      if (bytes.length === 0) break;
      this.input = join(this.input, bytes);
      if (this.request >= 0) this.read(false);
      if (this.over) return false;
    }
    if (this.request >= 0) this.read(true);
    this.finish("closed without an answer");
    return false;
  }

  /** Reads what has come of the answer. `ended`: no more comes. */
  private read(ended: boolean): void {
    if (this.head === null) {
      const head = readHead(this.input);
      if (head === null) return;
      if (head === "malformed") {
        this.finish("no HTTP");
        return;
      }
      this.head = head;
    }
    const { first, fields, length } = this.head;
    const status = Number(first.slice(9, 12));
    const rest = this.input.subarray(length);
    const form = responseBody(fields, status, "GET");
    if (form?.kind === "length") {
      if (rest.length >= form.length) this.complete(status, rest);
    } else if (form?.kind === "chunked") {
      const chunks = new ChunkReader();
      const body = chunks.take(rest);
      if (chunks.done) this.complete(status, body);
    } else if (ended) this.complete(status, rest);
  }

  private complete(status: number, body: Uint8Array): void {
    const { request } = this;
    const stays = !/close/i.test(field(this.head!.fields, "Connection") ?? "");
    this.request = -1;
    this.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
    if (status < 400) this.outcome.answered(request, LATIN.decode(body).trim());
    else this.outcome.failed(request, `HTTP ${status}`);
    if (stays) this.outcome.idle(this);
  }

  private end(error: unknown): void {
    if (!(error instanceof KernelError)) throw error;
    this.finish(WORDS[error.errno as Errno] ?? error.message);
  }

  private finish(reason: string): void {
    if (this.over) return;
    const { request } = this;
    this.close();
    if (request >= 0) this.outcome.failed(request, reason);
    this.outcome.gone(this);
  }
}

function expire(connection: unknown): void {
  (connection as LoadConnection).expire();
}

import { Dealer, Subscriber } from "zeromq";
import { type ConnectionInfo, socketAddress } from "./connection.js";
import { type Content, decodeMessage, encodeMessage, type JupyterMessage, makeHeader } from "./message.js";

/** Milliseconds between attempts to connect while the kernel starts. */
const RECONNECT_MS = 10;

/** A request under way: its reply, what is published on its behalf, and the moment when the kernel is idle again. */
export class Exchange {
  readonly published: JupyterMessage[] = [];
  onPublished: ((message: JupyterMessage) => void) | null = null;
  readonly reply: Promise<JupyterMessage>;
  readonly idle: Promise<true>;
  resolveReply!: (message: JupyterMessage) => void;
  #resolveIdle!: (value: true) => void;
  #rejects: ((error: Error) => void)[] = [];

  constructor() {
    this.reply = new Promise((resolve, reject) => {
      this.resolveReply = resolve;
      this.#rejects.push(reject);
    });
    this.idle = new Promise((resolve, reject) => {
      this.#resolveIdle = resolve;
      this.#rejects.push(reject);
    });
  }

  take(message: JupyterMessage): void {
    this.published.push(message);
    this.onPublished?.(message);
    const done = message.header.msg_type === "status" && message.content.execution_state === "idle";
    if (done) this.#resolveIdle(true);
  }

  fail(error: Error): void {
    // Whoever waits for one of the two hears it; the other must not count as a rejection that nobody handled.
    this.reply.catch(() => undefined);
    this.idle.catch(() => undefined);
    for (const reject of this.#rejects) reject(error);
  }

  /** True when the kernel is idle within the time, else null. */
  idleWithin(ms: number): Promise<true | null> {
    return Promise.race([this.idle, new Promise<null>((resolve) => setTimeout(resolve, ms, null))]);
  }
}

/** The client's ends of the kernel's shell, control and publisher sockets. */
export class ClientSockets {
  readonly #options = {
    reconnectInterval: RECONNECT_MS,
    sendHighWaterMark: 0,
    receiveHighWaterMark: 0,
    linger: 0,
  };
  readonly #shell = new Dealer(this.#options);
  readonly #control = new Dealer(this.#options);
  readonly #iopub = new Subscriber({ reconnectInterval: RECONNECT_MS, receiveHighWaterMark: 0, linger: 0 });
  readonly #exchanges = new Map<string, Exchange>();
  #failure: Error | null = null;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(readonly connection: ConnectionInfo) {
    this.#shell.connect(socketAddress(connection, "shell"));
    this.#control.connect(socketAddress(connection, "control"));
    this.#iopub.connect(socketAddress(connection, "iopub"));
    this.#iopub.subscribe();
    for (const socket of [this.#shell, this.#control])
      void this.#receive(socket, (message) => this.#exchangeOf(message)?.resolveReply(message));
    void this.#receive(this.#iopub, (message) => this.#exchangeOf(message)?.take(message));
  }

  request(channel: "shell" | "control", type: string, content: Content, session: string): Exchange {
    const exchange = new Exchange();
    const header = makeHeader(type, session, "hopbook");
    this.#exchanges.set(header.msg_id, exchange);
    if (this.#failure) exchange.fail(this.#failure);
    const message = { identities: [], header, parent: {}, metadata: {}, content };
    const frames = encodeMessage(this.connection.key, message) as Buffer[];
    const socket = channel === "shell" ? this.#shell : this.#control;
    this.#sending = this.#sending.then(() => socket.send(frames)).catch(() => undefined);
    return exchange;
  }

  /** Lets everything that waits fail, and everything that is asked later. */
  fail(error: Error): void {
    this.#failure = error;
    for (const exchange of this.#exchanges.values()) exchange.fail(error);
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
  }

  #exchangeOf(message: JupyterMessage): Exchange | undefined {
    return this.#exchanges.get(message.parent.msg_id ?? "");
  }

  async #receive(socket: Dealer | Subscriber, take: (message: JupyterMessage) => void): Promise<void> {
    for await (const frames of socket) take(decodeMessage(this.connection.key, frames));
  }
}

import { parentPort, workerData } from "node:worker_threads";
import type { Publisher, Reply, Router } from "zeromq";
import { type ConnectionInfo, socketAddress } from "./connection.js";
import { freeMainThread, interruptMainThread, listenForSigint } from "./interrupt.js";
import { KERNEL_INFO } from "./kernel-info.js";
import {
  type Content,
  decodeMessage,
  encodeMessage,
  type JupyterMessage,
  type MessageHeader,
  makeHeader,
} from "./message.js";
import { SharedFlags, type ToMain, type ToSockets } from "./threads.js";

/** How long the last messages may take to leave before the process ends, in milliseconds. */
const LINGER_MS = 100;

/** How long closed sockets get to settle what waited on them, in milliseconds. */
const SETTLE_MS = 30;

/** How often to look whether the program that started the kernel still lives, in milliseconds. */
const PARENT_POLL_MS = 1000;

/** The requests that the main thread answers; every other is answered on this thread. */
const FOR_MAIN = new Set(["execute_request", "complete_request", "inspect_request", "is_complete_request"]);

type MainRequest = Extract<ToMain, { kind: "request" }>;

/** The thread that owns the kernel's five sockets (see {@link ToMain}). */
class SocketsThread {
  readonly #session = `kernel-${process.pid}`;
  readonly #flags: SharedFlags;
  #sending: Promise<unknown> = Promise.resolve();
  #wasInterrupted = false;
  #interrupting: Promise<void> = Promise.resolve();
  #shellQueue: JupyterMessage[] = [];
  #shellBusy = false;
  #outputParent: MessageHeader | Record<string, never> = {};
  #serial = 0;
  #pending: { message: MainRequest; resolve: (content: Content) => void } | null = null;

  constructor(
    readonly connection: ConnectionInfo,
    readonly sockets: { shell: Router; control: Router; stdin: Router; iopub: Publisher; hb: Reply },
    flagsBuffer: SharedArrayBuffer,
  ) {
    this.#flags = new SharedFlags(flagsBuffer);
  }

  async start(): Promise<void> {
    for (const [name, socket] of Object.entries(this.sockets))
      await socket.bind(socketAddress(this.connection, name as keyof typeof this.sockets));
    this.#flags.threadTakesSignal = listenForSigint(() => this.#interrupt());
    parentPort!.on("message", (message: ToSockets) => this.#fromMain(message));
    this.#publish({}, "status", { execution_state: "starting" });
    void this.#beat();
    void this.#receive(this.sockets.shell, (message) => {
      this.#shellQueue.push(message);
      void this.#drainShell();
    });
    void this.#receive(this.sockets.control, (message) => void this.#control(message));
  }

  #toMain(message: ToMain): void {
    parentPort!.postMessage(message);
  }

  /** One interrupt after the other; no request goes to the main thread meanwhile. */
  #interrupt(): void {
    this.#wasInterrupted = true;
    const notify = (): void => {
      // Breaking off a loop may have hit the message that carried a request.
      if (this.#pending && this.#flags.taken < this.#pending.message.serial)
        this.#toMain(this.#pending.message);
      this.#toMain({ kind: "interrupt" });
    };
    const ask = (): void => this.#toMain({ kind: "awake?" });
    this.#interrupting = this.#interrupting.then(() => interruptMainThread(this.#flags, notify, ask));
  }

  /** Heartbeat: whatever comes goes back. */
  async #beat(): Promise<void> {
    for await (const frames of this.sockets.hb) await this.sockets.hb.send(frames);
  }

  async #receive(socket: Router, take: (message: JupyterMessage) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take(decodeMessage(this.connection.key, frames));
      } catch {
        // A message that is malformed or signed by a stranger is dropped, as the protocol asks.
      }
    }
  }

  /** Sends in order, one at a time: ZeroMQ's JavaScript binding refuses a second send while one waits. */
  #send(socket: Router | Publisher, message: JupyterMessage): void {
    const frames = encodeMessage(this.connection.key, message) as Buffer[];
    this.#sending = this.#sending.then(() => socket.send(frames)).catch(() => undefined);
  }

  #publish(parent: MessageHeader | Record<string, never>, type: string, content: Content): void {
    const header = makeHeader(type, this.#session);
    this.#send(this.sockets.iopub, {
      identities: [Buffer.from(`kernel.${type}`)],
      header,
      parent,
      metadata: {},
      content,
    });
  }

  #reply(socket: Router, request: JupyterMessage, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#send(socket, {
      identities: request.identities,
      header: makeHeader(type, this.#session),
      parent: request.header,
      metadata: {},
      content,
    });
  }

  #fromMain(message: ToSockets): void {
    if (message.kind === "close") this.#close();
    else if (message.kind === "publish") this.#publish(this.#outputParent, message.type, message.content);
    else if (this.#pending?.message.serial === message.serial) {
      const { resolve } = this.#pending;
      this.#pending = null;
      resolve(message.content);
    }
  }

  async #drainShell(): Promise<void> {
    if (this.#shellBusy) return;
    this.#shellBusy = true;
    for (let next = this.#shellQueue.shift(); next !== undefined; next = this.#shellQueue.shift())
      await this.#shell(next);
    this.#shellBusy = false;
  }

  async #shell(request: JupyterMessage): Promise<void> {
    const type = request.header.msg_type;
    this.#publish(request.header, "status", { execution_state: "busy" });
    if (type === "execute_request") this.#outputParent = request.header;
    const content = FOR_MAIN.has(type) ? await this.#ask(request) : this.#answer(request);
    if (content) this.#reply(this.sockets.shell, request, content);
    this.#publish(request.header, "status", { execution_state: "idle" });
    const failed = type === "execute_request" && content?.status === "error";
    if (failed && request.content.stop_on_error !== false) this.#abortQueued();
  }

  async #ask(request: JupyterMessage): Promise<Content> {
    await this.#interrupting;
    const { header, content } = request;
    const message: MainRequest = { kind: "request", serial: ++this.#serial, type: header.msg_type, content };
    return new Promise((resolve) => {
      this.#pending = { message, resolve };
      const send = (): void => this.#toMain(message);
      send();
      if (this.#wasInterrupted)
        void freeMainThread(this.#flags, () => this.#flags.taken >= message.serial, send);
    });
  }

  /** Execute requests that were waiting when a cell failed are answered with `aborted` and not run. */
  #abortQueued(): void {
    const waiting = this.#shellQueue;
    this.#shellQueue = waiting.filter((message) => message.header.msg_type !== "execute_request");
    for (const message of waiting) {
      if (message.header.msg_type !== "execute_request") continue;
      this.#publish(message.header, "status", { execution_state: "busy" });
      this.#reply(this.sockets.shell, message, { status: "aborted" });
      this.#publish(message.header, "status", { execution_state: "idle" });
    }
  }

  /** The answers that need no cell; null for a message that asks for none. */
  #answer(request: JupyterMessage): Content | null {
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return KERNEL_INFO;
      case "history_request":
        return { status: "ok", history: [] };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "comm_open":
        this.#publish(request.header, "comm_close", { comm_id: request.content.comm_id, data: {} });
        return null;
      case "interrupt_request":
        this.#interrupt();
        return { status: "ok" };
      case "shutdown_request":
        setTimeout(() => this.#end(), LINGER_MS);
        return { status: "ok", restart: request.content.restart === true };
      default:
        return request.header.msg_type.endsWith("_request") ? unsupported(request) : null;
    }
  }

  #control(request: JupyterMessage): void {
    this.#publish(request.header, "status", { execution_state: "busy" });
    const content = this.#answer(request);
    if (content) this.#reply(this.sockets.control, request, content);
    this.#publish(request.header, "status", { execution_state: "idle" });
  }

  /** Asks the main thread to end the process, and ends it when that thread is in a loop. */
  #end(): void {
    this.#toMain({ kind: "shutdown" });
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 5 * LINGER_MS);
  }

  /** ZeroMQ's binding aborts the process when it ends while a socket is open. */
  /** The reads that this ends are settled by ZeroMQ on this thread's loop: the process must not end under them, or it aborts. */
  #close(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
    setTimeout(() => this.#flags.closed(), SETTLE_MS);
  }

  /** Ends the kernel when its starter died without saying so (Jupyter sets JPY_PARENT_PID). */
  watchParent(): void {
    if (!process.env.JPY_PARENT_PID || process.platform === "win32") return;
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && this.#end(), PARENT_POLL_MS).unref();
  }
}

function unsupported(request: JupyterMessage): Content {
  const evalue = `${request.header.msg_type} is not supported here`;
  return { status: "error", ename: "NotImplemented", evalue, traceback: [evalue] };
}

async function main(): Promise<void> {
  const { connection, flags } = workerData as { connection: ConnectionInfo; flags: SharedArrayBuffer };
  const { Publisher, Reply, Router } = await import("zeromq");
  const sockets = {
    shell: new Router({ sendHighWaterMark: 0, linger: LINGER_MS }),
    control: new Router({ sendHighWaterMark: 0, linger: LINGER_MS }),
    stdin: new Router({ linger: LINGER_MS }),
    iopub: new Publisher({ sendHighWaterMark: 0, linger: LINGER_MS }),
    hb: new Reply(),
  };
  const thread = new SocketsThread(connection, sockets, flags);
  await thread.start();
  thread.watchParent();
}

await main();

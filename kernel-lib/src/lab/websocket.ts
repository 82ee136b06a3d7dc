import type { Instance } from "../apps/node/instance.js";
import { runNode } from "../apps/node/node.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import { Output, type Process } from "../host/process.js";
import type { Lab } from "./lab.js";
import type { Machine } from "./machine.js";

/** A text that came over a WebSocket. */
export interface WebSocketMessage {
  /** Virtual time at which the program had it. */
  readonly at: Nanoseconds;
  readonly text: string;
}

/** How a WebSocket ended. */
export interface WebSocketEnd {
  readonly at: Nanoseconds;
  /** RFC 6455 §7.4: 1000 for a good end, 1006 when the connection broke. */
  readonly code: number;
  readonly reason: string;
}

/** The part of the package `ws` that is used here. */
interface Socket {
  on(event: string, listener: (...args: never[]) => void): void;
  send(text: string): void;
  close(code?: number): void;
}
type SocketClass = new (url: string) => Socket;

/** How long an answer is waited for, in virtual time. */
const PATIENCE: Nanoseconds = seconds(30);

/** A user's end of a WebSocket, as a browser has it: the client of the package `ws` in a process of the machine or of a container. */
export class WebSocketClient {
  readonly messages: WebSocketMessage[] = [];
  closed: WebSocketEnd | null = null;
  private readonly process: Process;
  private instance: Instance | null = null;
  private socket: Socket | null = null;
  private open = false;
  private failure = "";
  private taken = 0;

  /** Used by the lab. @internal */
  constructor(
    private readonly lab: Lab,
    readonly machine: Machine,
    parent: Process,
    readonly number: number,
    readonly url: string,
  ) {
    this.process = parent.spawn({
      argv: ["node", url],
      stdout: new Output(),
      stderr: new Output(),
      program: (process) => runNode(process, (instance) => this.begin(instance), [url]),
    });
    // Killed with its container: nobody was left to say goodbye.
    this.process.exited.add(() => {
      this.closed ??= { at: lab.now, code: 1006, reason: "" };
    });
  }

  /** Resolves when the server has agreed. Throws an Error in the words of Node when it does not. @internal */
  async opening(): Promise<this> {
    await this.wait(() => this.open || this.closed !== null || this.process.exitCode !== null);
    if (!this.open) throw new Error(this.failure || `no WebSocket at ${this.url}`);
    return this;
  }

  /** Sends a text. It leaves when the clock goes on. */
  send(text: string): void {
    if (this.closed !== null) throw new Error(`the WebSocket to ${this.url} is closed`);
    this.lab.journal.append({ kind: "socket-send", at: this.lab.now, socket: this.number, text });
    this.instance!.loop.after(0, () => this.socket!.send(text));
  }

  /** The next message that this call has not given yet; waits for it, up to 30 s of virtual time. */
  async next(): Promise<WebSocketMessage> {
    await this.wait(() => this.messages.length > this.taken || this.closed !== null);
    const message = this.messages[this.taken];
    if (message === undefined)
      throw new Error(
        `no message from ${this.url} ${this.closed === null ? "within 30 s" : "any more: it is closed"}`,
      );
    this.taken++;
    return message;
  }

  /** Ends it as a page that is left does. */
  close(): void {
    if (this.closed !== null) return;
    this.lab.journal.append({ kind: "socket-close", at: this.lab.now, socket: this.number });
    this.instance!.loop.after(0, () => this.socket!.close(1000));
  }

  private begin(instance: Instance): void {
    const { loop, core } = instance;
    const WebSocket = core.instantiate("ws") as SocketClass;
    const socket = new WebSocket(this.url);
    this.instance = instance;
    this.socket = socket;
    socket.on("open", () => {
      this.open = true;
    });
    socket.on("message", (data: unknown) => this.messages.push({ at: loop.now, text: String(data) }));
    socket.on("error", (error: Error) => {
      this.failure = error.message;
    });
    socket.on("close", (code: number, reason: unknown) => {
      this.closed = { at: loop.now, code, reason: String(reason) };
    });
  }

  /** Lets the clock go on until something is so, or nothing more happens in time. */
  private async wait(done: () => boolean): Promise<void> {
    const { asyncWork, scheduler } = this.lab.world;
    const until = scheduler.now + PATIENCE;
    for (;;) {
      if (asyncWork.busy) await asyncWork.idle();
      const next = scheduler.nextAt();
      if (done() || next === null || next > until) return;
      asyncWork.step(scheduler);
    }
  }
}

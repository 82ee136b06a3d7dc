import type { FromWorker, ToWorker } from "../messages.js";
import { loadText } from "./page-window.js";

/** The end of a run: whether the cell worked, and its number as `[3]` in a notebook; `null` when it was stopped. */
export type RunEnd = { readonly ok: boolean; readonly count: number } | null;

export type OnMessage = (type: string, content: Record<string, unknown>) => void;

interface Waiting {
  readonly onMessage: OnMessage;
  readonly end: (end: RunEnd) => void;
}

/** The worker of a page, started with the first run; ending it forgets every lab. */
export class Kernel {
  private worker: Worker | null = null;
  private starting: Promise<Worker> | null = null;
  private serial = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** Loads and starts the library, so that a first run does not wait. */
  async start(): Promise<Worker> {
    this.starting ??= this.begin();
    return this.starting;
  }

  async run(source: string, onMessage: OnMessage): Promise<RunEnd> {
    const serial = ++this.serial;
    const ended = new Promise<RunEnd>((end) => this.waiting.set(serial, { onMessage, end }));
    try {
      const worker = await this.start();
      if (this.waiting.has(serial)) worker.postMessage({ kind: "run", serial, source } satisfies ToWorker);
    } catch (error) {
      this.waiting.delete(serial);
      throw error;
    }
    return ended;
  }

  /** Ends the worker at once, in the middle of whatever it does. */
  stop(): void {
    this.worker?.terminate();
    this.worker = null;
    this.starting = null;
    for (const { end } of this.waiting.values()) end(null);
    this.waiting.clear();
  }

  private async begin(): Promise<Worker> {
    const library = await loadText("library").catch((error) => {
      this.starting = null;
      throw error;
    });
    const address = URL.createObjectURL(library);
    const worker = new Worker(address);
    this.worker = worker;
    worker.onmessage = ({ data }) => this.receive(data as FromWorker, worker);
    await new Promise<void>((resolve, reject) => {
      worker.addEventListener("message", () => resolve(), { once: true });
      worker.onerror = (event) => {
        this.starting = null;
        reject(new Error(`the library does not start: ${event.message}`));
      };
    });
    URL.revokeObjectURL(address);
    return worker;
  }

  private receive(message: FromWorker, worker: Worker): void {
    if (message.kind === "ready") return;
    if (message.kind === "needs") {
      void this.give(message.name, worker);
      return;
    }
    const waiting = this.waiting.get(message.serial);
    if (message.kind === "publish") {
      waiting?.onMessage(message.type, message.content);
      return;
    }
    this.waiting.delete(message.serial);
    waiting?.end({ ok: message.ok, count: message.count });
  }

  /** A part of the library that the worker asked for. */
  private async give(name: string, worker: Worker): Promise<void> {
    const reply = await loadText(name).then(
      (script) => ({ script }),
      (error: Error) => ({ error: error.message }),
    );
    worker.postMessage({ kind: "part", name, ...reply } satisfies ToWorker);
  }
}

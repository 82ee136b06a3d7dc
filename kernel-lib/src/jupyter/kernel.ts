import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { CellCompiler } from "./cell-compiler.js";
import { CellOutput } from "./cell-output.js";
import { CellPlaces } from "./cell-places.js";
import { CellSession } from "./cell-session.js";
import { readConnectionFile } from "./connection.js";
import { complete, inspectCode, isComplete } from "./editing.js";
import type { Content } from "./message.js";
import { Phase, SharedFlags, type ToMain, type ToSockets } from "./threads.js";
import { loadTslab, type Tslab } from "./tslab.js";
import { guardUserCode, quietWarnings, refuseStandardInput } from "./user-code.js";

/** After this many milliseconds without a request the kernel readies itself for completion and saves its caches. */
const LEISURE_MS = 1500;

/** How long the end of the process waits for the sockets to close, in milliseconds. */
const CLOSE_MS = 300;

/**
 * Runs the kernel until it is told to shut down: `hopbook kernel run`, and what the kernelspec starts. Throws at once when the
 * connection file is not usable.
 */
export function kernelRun(connectionFile: string): void {
  const connection = readConnectionFile(connectionFile);
  const flags = new SharedFlags();
  flags.phase = Phase.Compiling;
  const worker = new Worker(new URL("./sockets-thread.js", import.meta.url), {
    workerData: { connection, flags: flags.buffer },
  });
  worker.on("error", (error) => {
    writeSync(2, `the kernel's sockets failed: ${error.stack}\n`);
    process.exit(1);
  });
  const kernel = new Kernel(flags, (message) => worker.postMessage(message));
  process.on("exit", () => {
    worker.postMessage({ kind: "close" } satisfies ToSockets);
    flags.waitForClosed(CLOSE_MS);
  });
  worker.on("message", (message: ToMain) => kernel.receive(message));
}

class Kernel {
  readonly #tslab: Tslab;
  readonly #compiler: CellCompiler;
  readonly #session: CellSession;
  #leisure: NodeJS.Timeout | null = null;

  constructor(
    readonly flags: SharedFlags,
    readonly post: (message: ToSockets) => void,
  ) {
    quietWarnings();
    const output = new CellOutput((type, content) => post({ kind: "publish", type, content }));
    output.attach();
    this.#tslab = loadTslab();
    guardUserCode(flags);
    refuseStandardInput();
    const places = new CellPlaces();
    places.install();
    this.#compiler = new CellCompiler(this.#tslab, places, flags);
    this.#session = new CellSession(this.#tslab, this.#compiler, places, output, flags);
    this.#surviveLateErrors(output);
    this.#compiler.prepare();
    flags.phase = Phase.Idle;
    // Where the sockets' thread cannot listen for the signal, this thread does: it then reaches a waiting cell at least.
    if (flags.threadTakesSignal === false) process.on("SIGINT", () => this.#session.interrupt());
  }

  receive(message: ToMain): void {
    if (message.kind === "shutdown") {
      this.#tslab.saveCodeCache();
      process.exit(0);
    }
    if (message.kind === "awake?") {
      this.flags.answerAwake();
      return;
    }
    if (message.kind === "interrupt") {
      if (this.flags.interruptPending) this.#session.interrupt();
      return;
    }
    if (message.serial <= this.flags.taken) return;
    if (this.#leisure) clearTimeout(this.#leisure);
    const reply = (content: Content): void => {
      this.post({ kind: "reply", serial: message.serial, content });
      this.#leisure = setTimeout(() => this.#useLeisure(), LEISURE_MS);
    };
    this.#answer(message.type, message.content).then(reply, (error: unknown) => {
      const evalue = error instanceof Error ? error.message : String(error);
      reply({ status: "error", ename: "KernelError", evalue, traceback: [evalue] });
    });
    this.flags.taken = message.serial;
  }

  async #answer(type: string, content: Content): Promise<Content> {
    if (type === "execute_request") return this.#session.execute(content);
    if (type === "is_complete_request") return isComplete(this.#tslab, content);
    const act = type === "complete_request" ? complete : inspectCode;
    return act(this.#session.executor, content);
  }

  /** An error that nobody waits for is printed, and the kernel lives on. */
  #surviveLateErrors(output: CellOutput): void {
    const print = (what: string) => (error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      output.write("stderr", `${what}: ${text}\n`);
    };
    process.on("unhandledRejection", print("Unhandled rejection"));
    process.on("uncaughtException", print("Uncaught exception"));
  }

  #useLeisure(): void {
    this.#compiler.prepareFully();
    this.#tslab.saveCodeCache();
  }
}

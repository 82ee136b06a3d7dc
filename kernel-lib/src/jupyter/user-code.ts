import { createRequire } from "node:module";
import { Readable } from "node:stream";
import type * as Vm from "node:vm";
import { MessageChannel } from "node:worker_threads";
import { Phase, type SharedFlags } from "./threads.js";

/** Thrown in place of a cell's run when the reader interrupted it while it was being compiled. */
export class InterruptedBeforeRun extends Error {}

/**
 * Marks the moments in which the code of a cell runs. The executor calls `vm.runInThisContext` with `breakOnSigint`; Node then
 * takes SIGINT for itself, and afterwards gives it back to nobody. The sockets' thread stops loops better, so that flag is
 * dropped unless this Node cannot listen for signals there.
 */
export function guardUserCode(flags: SharedFlags): void {
  const vm = createRequire(import.meta.url)("node:vm") as { runInThisContext: typeof Vm.runInThisContext };
  const run = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    if (typeof options !== "object" || options.breakOnSigint !== true) return run(code, options);
    if (flags.interruptPending) throw new InterruptedBeforeRun();
    flags.phase = Phase.Running;
    return run(code, { ...options, breakOnSigint: flags.threadTakesSignal === false });
  };
}

/** A notebook is not a terminal: whoever reads standard input is told so instead of waiting for ever. */
export function refuseStandardInput(): void {
  const create = (): Readable =>
    new Readable({
      read() {
        this.destroy(new Error("input is not supported in a notebook: process.stdin has no text"));
      },
    });
  let stream: Readable | null = null;
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => {
      stream ??= create();
      return stream;
    },
  });
}

/** Keeps Node's remark that `require` of an ES module is new out of the notebook; other warnings go to standard error. */
export function quietWarnings(): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && warning.message.includes("ES Module")) return;
    process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
}

/**
 * Calls a function in a turn of the event loop of its own. A message port serves, because V8 may break off its handler without
 * harm; Node's timers and immediates would be left half done, and run again.
 */
export class OwnTask {
  readonly #channel = new MessageChannel();
  #work: (() => void) | null = null;

  constructor() {
    this.#channel.port1.on("message", () => {
      const work = this.#work;
      this.#work = null;
      work?.();
    });
  }

  start(work: () => void): void {
    this.#work = work;
    this.#channel.port2.postMessage(null);
  }
}

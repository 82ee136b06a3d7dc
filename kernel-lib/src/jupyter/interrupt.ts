import { Session } from "node:inspector";
import { constants } from "node:os";
import { Phase, type SharedFlags } from "./threads.js";

/** How long the main thread gets to notice an interrupt by itself, in milliseconds; later it is in a loop. */
const GRACE_MS = 30;

/** Milliseconds between attempts, and how many times a loop is broken off: code may run one loop after another. */
const RETRY_MS = 50;
const TRIES = 100;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Interrupts the cell that the main thread runs. `notify` tells that thread; when it does not hear because it is in a loop, the
 * loop is broken off by V8 (`Runtime.terminateExecution`), which works at top level and after an `await` alike.
 */
export async function interruptMainThread(flags: SharedFlags, notify: () => void): Promise<void> {
  flags.wantInterrupt();
  notify();
  await sleep(GRACE_MS);
  let tries = 0;
  while (flags.interruptPending && tries < TRIES) {
    // The compiler must not be broken off: its state would be lost. It ends by itself, and the cell is then not run.
    if (flags.phase !== Phase.Compiling) {
      tries += 1;
      await terminateMainThread();
      notify();
    }
    await sleep(RETRY_MS);
  }
}

function terminateMainThread(): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    session.post("Runtime.terminateExecution", () => {
      session.disconnect();
      resolve();
    });
  });
}

interface SignalWatcher {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  unref(): void;
}

/**
 * Listens for SIGINT on this thread. Node gives `process.on("SIGINT")` to the main thread only, where it waits while a cell is
 * in a loop; the watcher beneath it works on any thread. False when this Node does not have it: the main thread listens then.
 */
export function listenForSigint(act: () => void): boolean {
  const warnings = process.noDeprecation;
  process.noDeprecation = true;
  try {
    const binding = (
      process as unknown as { binding(name: string): { Signal: new () => SignalWatcher } }
    ).binding("signal_wrap");
    const watcher = new binding.Signal();
    watcher.onsignal = act;
    watcher.unref();
    return watcher.start(constants.signals.SIGINT) === 0;
  } catch {
    return false;
  } finally {
    process.noDeprecation = warnings ?? false;
  }
}

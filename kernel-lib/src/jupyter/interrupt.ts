import { Session } from "node:inspector";
import { constants } from "node:os";
import { Phase, type SharedFlags } from "./threads.js";

/** How long the main thread gets to notice an interrupt by itself, in milliseconds; later it is in a loop. */
const GRACE_MS = 80;

/** Between two cells it is given longer: only what an earlier cell left running can hold it up then. */
const IDLE_GRACE_MS = 800;

/** Milliseconds between attempts, and how many times a loop is broken off: code may run one loop after another. */
const RETRY_MS = 50;
const TRIES = 100;

/** Milliseconds between two questions whether the main thread is awake, and how often it is asked. */
const ANSWER_MS = 10;
const ANSWERS = 200;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Interrupts the cell that the main thread runs. `notify` tells that thread; when it does not hear because it is in a loop, the
 * loop is broken off by V8 (`Runtime.terminateExecution`), which works at top level and after an `await` alike. Resolves when the
 * main thread can take the next request; `ask` sends it the question for that.
 */
export async function interruptMainThread(
  flags: SharedFlags,
  notify: () => void,
  ask: () => void,
): Promise<void> {
  flags.wantInterrupt();
  notify();
  let waited = 0;
  for (let tries = 0; flags.interruptPending && tries < TRIES; ) {
    await sleep(RETRY_MS);
    // The compiler must not be broken off: its state would be lost. It ends by itself, and the cell is then not run.
    waited = flags.phase === Phase.Compiling ? 0 : waited + RETRY_MS;
    if (waited < (flags.phase === Phase.Running ? GRACE_MS : IDLE_GRACE_MS)) continue;
    tries += 1;
    await terminateMainThread(() => flags.interruptPending);
    notify();
  }
  await settled(flags, ask);
}

/**
 * Waits until the main thread answers again. A break-off that comes when the loop has just ended by itself hits the next message
 * instead: it must be this question, not the next cell.
 */
async function settled(flags: SharedFlags, ask: () => void): Promise<void> {
  flags.askIfAwake();
  for (let i = 0; i < ANSWERS && !flags.awake; i++) {
    ask();
    await sleep(ANSWER_MS);
  }
}

/**
 * Frees the main thread for a request that it does not take up. A cell that waited when it was interrupted cannot be cancelled:
 * what it waited for may come later, and the rest of it then run into a loop that no cell owns any more.
 */
export async function freeMainThread(
  flags: SharedFlags,
  taken: () => boolean,
  sendAgain: () => void,
): Promise<void> {
  let waited = 0;
  while (!taken()) {
    await sleep(RETRY_MS);
    waited = flags.phase === Phase.Compiling ? 0 : waited + RETRY_MS;
    if (waited < IDLE_GRACE_MS) continue;
    waited = 0;
    await terminateMainThread(() => !taken());
    if (!taken()) sendAgain();
  }
}

function terminateMainThread(stillWanted: () => boolean): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  if (!stillWanted()) {
    session.disconnect();
    return Promise.resolve();
  }
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

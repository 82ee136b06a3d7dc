import type { Nanoseconds } from "../base/units.js";
import type { Scheduler } from "../sim/scheduler.js";
import type { WaitQueue } from "../sim/wait-queue.js";
import type { Process, SpawnOptions, Steps } from "./process.js";

/** Lets `duration` of virtual time pass (nanosleep). */
export function* sleep(process: Process, duration: Nanoseconds): Steps<void> {
  const { scheduler } = process.host.world;
  yield* sleepUntil(scheduler, scheduler.now + Math.max(0, duration));
}

/** Lets virtual time pass until `time` (clock_nanosleep with TIMER_ABSTIME). */
export function* sleepUntil(scheduler: Scheduler, time: Nanoseconds): Steps<void> {
  while (scheduler.now < time) yield { kind: "wait", queues: [], deadline: time };
}

/** Waits until one of the queues wakes or the deadline (absolute virtual time) passes: check your condition again afterwards. */
export function* until(queues: readonly WaitQueue[], deadline: Nanoseconds | null = null): Steps<void> {
  yield { kind: "wait", queues, deadline };
}

/** The same in a command that only another one can end: a capture or a ping without a count, `tail -f`. */
export function* untilOutsider(
  queues: readonly WaitQueue[],
  deadline: Nanoseconds | null = null,
): Steps<void> {
  yield { kind: "outsider", queues, deadline };
}

/**
 * Runs a child in the foreground and gives its exit status. A parent that is killed meanwhile takes the child along. Throws
 * KernelError("ENOENT") when there is no such program.
 */
export function* spawnAndWait(process: Process, options: SpawnOptions): Steps<number> {
  const child = process.spawn(options);
  return yield* waitFor(child);
}

/** Waits for a process that runs already; it is killed when the waiting one is. */
export function* waitFor(child: Process): Steps<number> {
  try {
    while (child.exitCode === null) yield { kind: "wait", queues: [child.exited], deadline: null, child };
    return child.exitCode;
  } finally {
    if (child.exitCode === null) child.kill("SIGTERM");
  }
}

/**
 * Waits for a shell. `start` gives the promise; while it is under way the clock stands still, except where the shell itself waits
 * for one of its commands (it says which by `foreground`). `abandon` is called when the waiting process is killed.
 */
export function* awaitShell<T>(
  process: Process,
  start: () => Promise<T>,
  foreground: () => Process | null,
  abandon: () => void,
): Steps<T> {
  const work = process.host.world.asyncWork;
  let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
  let abandoned = false;
  work.begin();
  const settle = (result: { readonly value: T } | { readonly error: unknown }) => {
    outcome = result;
    if (abandoned) work.end();
  };
  const promise = start().then(
    (value) => settle({ value }),
    (error: unknown) => settle({ error }),
  );
  try {
    while (outcome === null) yield { kind: "promise", promise, foreground };
  } finally {
    if (outcome === null) {
      abandoned = true;
      abandon();
    } else work.end();
  }
  const result = outcome as { readonly value: T } | { readonly error: unknown };
  if ("error" in result) throw result.error;
  return result.value;
}

/** Runs steps until they are done or the deadline (absolute virtual time) has come: then they are ended, and it gives null. */
export function* beforeDeadline<T>(
  process: Process,
  deadline: Nanoseconds | null,
  steps: Steps<T>,
): Steps<T | null> {
  if (deadline === null) return yield* steps;
  const { scheduler } = process.host.world;
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      const wait = step.value;
      yield wait.kind === "wait"
        ? { ...wait, deadline: Math.min(wait.deadline ?? deadline, deadline) }
        : wait;
      if (scheduler.now >= deadline) return null;
    }
  } finally {
    steps.return(undefined as T);
  }
}

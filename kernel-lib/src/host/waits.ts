import type { Nanoseconds } from "../base/units.js";
import type { WaitQueue } from "../sim/wait-queue.js";
import type { Process, SpawnOptions, Steps } from "./process.js";

/** Lets `duration` of virtual time pass (nanosleep). */
export function* sleep(process: Process, duration: Nanoseconds): Steps<void> {
  const { scheduler } = process.host.world;
  const deadline = scheduler.now + Math.max(0, duration);
  while (scheduler.now < deadline) yield { kind: "wait", queues: [], deadline };
}

/** Waits until one of the queues wakes or the deadline (absolute virtual time) passes: check your condition again afterwards. */
export function* until(queues: readonly WaitQueue[], deadline: Nanoseconds | null = null): Steps<void> {
  yield { kind: "wait", queues, deadline };
}

/** Waits for what only another command can bring about: a capture without a count, `tail -f`. */
export function* untilOutsider(queues: readonly WaitQueue[]): Steps<void> {
  yield { kind: "outsider", queues };
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

/** Waits for a promise of a shell; gives what it resolves to. */
export function* awaitPromise<T>(promise: Promise<T>): Steps<T> {
  let result: { value: T } | null = null;
  const settled = promise.then((value) => {
    result = { value };
  });
  while (result === null) yield { kind: "promise", promise: settled };
  return (result as { value: T }).value;
}

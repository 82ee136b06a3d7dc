import type { Runtime } from "../runtime.js";

/** `node:timers`. */
export function timersModule(runtime: Runtime): unknown {
  const { timers } = runtime;
  const promises = timersPromises(runtime);
  return { ...timers, promises };
}

/** `node:timers/promises`. */
export function timersPromises({ timers, loop }: Runtime): unknown {
  void loop;
  const later =
    (start: (done: () => void, delay?: number) => { close(): unknown }) =>
    (delay: number, value: unknown, options: { signal?: AbortSignal } = {}) =>
      new Promise((resolve, reject) => {
        const timer = start(() => resolve(value), delay);
        options.signal?.addEventListener("abort", () => {
          timer.close();
          reject(options.signal?.reason);
        });
      });
  const wait = later(timers.setTimeout);
  return {
    setTimeout: wait,
    setImmediate: (value: unknown, options: { signal?: AbortSignal } = {}) =>
      later((done) => timers.setImmediate(done))(0, value, options),
    async *setInterval(delay: number, value: unknown) {
      for (;;) {
        await wait(delay, undefined);
        yield value;
      }
    },
    scheduler: { wait, yield: () => new Promise<void>((resolve) => timers.setImmediate(() => resolve())) },
  };
}

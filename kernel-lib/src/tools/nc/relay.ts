import { KernelError } from "../../base/errno.js";
import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import type { WaitQueue } from "../../sim/wait-queue.js";
import type { NcOptions } from "./options.js";

/** What is read from and written to: a TCP connection or a connected UDP socket. */
export interface Stream {
  readonly wait: WaitQueue;
  /** How many bytes were taken; 0: wait. Throws KernelError. */
  send(bytes: Uint8Array): number;
  /** Null when there is nothing yet, empty at the end. Throws KernelError. */
  receive(): Uint8Array | null;
  /** Says that nothing more will be sent. */
  shutdown(): void;
}

/**
 * Standard input to the peer and what the peer sends to standard output, until the peer has ended, -q or -w says so, or an error comes
 * (readwrite in netcat.c). `waits` is "outsider" where only another command can bring something.
 */
export function* relay(
  process: Process,
  options: NcOptions,
  stream: Stream,
  waits: "wait" | "outsider",
): Steps<void> {
  const { scheduler } = process.host.world;
  const decoder = new TextDecoder();
  let input = new TextEncoder().encode(process.stdin);
  let inputOpen = true;
  let quitAt: Nanoseconds | null = null;
  let quietSince = scheduler.now;
  try {
    for (;;) {
      if (inputOpen) {
        while (input.length > 0) {
          const taken = stream.send(input);
          if (taken === 0) break;
          input = input.subarray(taken);
        }
        if (input.length === 0) {
          inputOpen = false;
          if (options.shutdown) stream.shutdown();
          if (options.quitAfter !== null) quitAt = scheduler.now + seconds(options.quitAfter);
        }
      }
      for (let bytes = stream.receive(); bytes !== null; bytes = stream.receive()) {
        if (bytes.length === 0) return;
        quietSince = scheduler.now;
        process.stdout.write(decoder.decode(bytes, { stream: true }));
      }
      const idleAt = options.timeout === null ? null : quietSince + seconds(options.timeout);
      const deadline = earlier(quitAt, idleAt);
      if (deadline !== null && scheduler.now >= deadline) return;
      yield waits === "wait"
        ? { kind: "wait", queues: [stream.wait], deadline }
        : { kind: "outsider", queues: [stream.wait], deadline };
    }
  } catch (error) {
    // read(2) failed: netcat ends without a word.
    if (!(error instanceof KernelError)) throw error;
  }
}

function earlier(a: Nanoseconds | null, b: Nanoseconds | null): Nanoseconds | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

import type { Process } from "../../host/process.js";
import type { Random } from "../../sim/random.js";
import type { EventLoop } from "./loop.js";
import type { TimerFunctions } from "./timers.js";

/** Release that the lab's Node says it is. */
export const NODE_VERSION = "v24.11.1";

/** What the modules of one Node process share. */
export interface Runtime {
  /** The process as the machine knows it. */
  readonly task: Process;
  readonly loop: EventLoop;
  readonly random: Random;
  readonly timers: TimerFunctions;
  /** What code finds by name without asking for it: `process`, `Buffer`, `console`, … */
  readonly scope: Record<string, unknown>;
  /** The text of an error's stack with frames of the program only. */
  readonly stackOf: (error: Error) => string;
  /** A module of Node itself. Throws for one that is not there. */
  core<T = Record<string, unknown>>(name: string): T;
}

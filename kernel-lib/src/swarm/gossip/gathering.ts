import { ms, type Nanoseconds } from "../../base/units.js";
import type { Steps } from "../../host/process.js";
import { sleepUntil } from "../../host/waits.js";
import type { Scheduler } from "../../sim/scheduler.js";

/** Datagrams of one node arrive one after the other: what they tell is told to the kernel together. The real daemon tells each row by itself. */
const GATHER: Nanoseconds = ms(20);

/** Lets what belongs together come in. */
export function* gathering(scheduler: Scheduler): Steps<void> {
  yield* sleepUntil(scheduler, scheduler.now + GATHER);
}

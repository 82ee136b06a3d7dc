import { invariant } from "../base/assert.js";
import type { Scheduler } from "../sim/scheduler.js";

/** Milliseconds of a clock (performance.now, or the process's CPU time), given by the caller: the library itself has no clock. */
export type Clock = () => number;

/** How fast packets went their way. */
export interface Pace {
  readonly packetsPerSecond: number;
  /** The same over the fastest slice: what the code does while nobody else wants the processor. A whole run on a shared machine tells as much of its neighbours. */
  readonly fastest: number;
  /** Wall time of one packet over all its hops. */
  readonly nsPerPacket: number;
  readonly eventsPerPacket: number;
}

/** Packets in one slice: some 10 ms, less than a processor is shared in. */
export const SLICE = 2_000;

/** Sends `packets` by slices, each timed by itself. `pump` sends so many and gives how many came: all of them, or this throws. */
export function measurePace(
  clock: Clock,
  scheduler: Scheduler,
  packets: number,
  pump: (count: number) => number,
  slice = SLICE,
): Pace {
  const before = scheduler.eventsRun;
  const start = clock();
  let received = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let done = 0; done < packets; done += slice) {
    const count = Math.min(slice, packets - done);
    const from = clock();
    received += pump(count);
    least = Math.min(least, (clock() - from) / count);
  }
  const each = (clock() - start) / packets;
  invariant(received === packets, `the bench lost ${packets - received} packets`);
  return {
    packetsPerSecond: Math.round(1e3 / each),
    fastest: Math.round(1e3 / least),
    nsPerPacket: Math.round(each * 1e6),
    eventsPerPacket: (scheduler.eventsRun - before) / packets,
  };
}

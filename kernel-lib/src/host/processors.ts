import type { Nanoseconds } from "../base/units.js";
import type { Scheduler } from "../sim/scheduler.js";

/** Most processors that a machine may have. */
export const MOST_PROCESSORS = 256;

/**
 * The processors of a machine, as its programs share them: one queue, served in the order of arrival by whichever processor is free first. So load makes answers
 * late. Divergences: Linux cuts work into slices and takes turns (CFS), which gives the same mean for work of random length and other extremes; work whose
 * process was killed meanwhile is done all the same. Handling packets is not in this queue: softirqs come before programs.
 */
export class Processors {
  /** When each is free. */
  private freeAt: Nanoseconds[];
  private worked: Nanoseconds = 0;

  constructor(
    private readonly scheduler: Scheduler,
    count = 1,
  ) {
    this.freeAt = new Array<Nanoseconds>(count).fill(0);
  }

  get count(): number {
    return this.freeAt.length;
  }

  /** Adds processors, or takes away those that are free first; work that is under way is finished. */
  set count(count: number) {
    const latest = [...this.freeAt].sort((a, b) => b - a);
    this.freeAt = Array.from({ length: count }, (_, i) => latest[i] ?? 0);
  }

  /** Processor time that was asked for so far: over time and {@link Processors.count} it is the machine's load. */
  get workedFor(): Nanoseconds {
    return this.worked;
  }

  /** Queues work that takes `duration` on one processor. Gives the virtual time at which it is done. */
  work(duration: Nanoseconds): Nanoseconds {
    const { freeAt } = this;
    let first = 0;
    for (let i = 1; i < freeAt.length; i++) if (freeAt[i]! < freeAt[first]!) first = i;
    const done = Math.max(freeAt[first]!, this.scheduler.now) + duration;
    freeAt[first] = done;
    this.worked += duration;
    return done;
  }
}

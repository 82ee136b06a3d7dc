import type { Nanoseconds } from "../../base/units.js";
import { NO_TIMER, type Scheduler, type TimerId } from "../../sim/scheduler.js";

/**
 * A timer that is set and stopped with each packet and seldom runs out. Moving it later only notes the new time: the event that is
 * already queued looks at the note and waits again, so the scheduler's queue stays short.
 */
export class LazyTimer<Owner> {
  /** When it runs out; infinite while it is stopped. */
  deadline: Nanoseconds = Number.POSITIVE_INFINITY;
  private queuedFor: Nanoseconds = Number.POSITIVE_INFINITY;
  private id: TimerId = NO_TIMER;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly owner: Owner,
    private readonly action: (owner: Owner) => void,
  ) {}

  get running(): boolean {
    return this.deadline !== Number.POSITIVE_INFINITY;
  }

  /** Runs out `delay` from now; an earlier setting is forgotten. */
  set(delay: Nanoseconds): void {
    this.deadline = this.scheduler.now + delay;
    if (this.deadline >= this.queuedFor) return;
    this.scheduler.cancel(this.id);
    this.queue();
  }

  stop(): void {
    this.deadline = Number.POSITIVE_INFINITY;
  }

  /** Stops it and takes its event away. */
  dispose(): void {
    this.stop();
    this.scheduler.cancel(this.id);
    this.queuedFor = Number.POSITIVE_INFINITY;
  }

  private queue(): void {
    this.queuedFor = this.deadline;
    this.id = this.scheduler.at(this.deadline, expire, this);
  }

  expire(): void {
    this.queuedFor = Number.POSITIVE_INFINITY;
    this.id = NO_TIMER;
    if (!this.running) return;
    if (this.scheduler.now < this.deadline) {
      this.queue();
      return;
    }
    this.stop();
    this.action(this.owner);
  }
}

function expire(timer: unknown): void {
  (timer as LazyTimer<unknown>).expire();
}

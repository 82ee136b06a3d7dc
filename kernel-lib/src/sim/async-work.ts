import { NeedsPromise } from "./needs-promise.js";
import type { Scheduler } from "./scheduler.js";

/**
 * Counts what runs as promises beside the clock: shells between two commands, and the JavaScript of Node programs. The clock may only go on while nothing of
 * that kind is busy, so that a lab's events do not depend on how many turns of JavaScript's task queue such work takes.
 */
export class AsyncWork {
  private busyCount = 0;
  private idleWaiters: (() => void)[] = [];
  private patient = false;

  get busy(): boolean {
    return this.busyCount > 0;
  }

  begin(): void {
    this.busyCount++;
  }

  end(): void {
    this.busyCount--;
    if (this.busyCount > 0) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when nothing is busy. */
  async idle(): Promise<void> {
    while (this.busyCount > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  /** Runs the next event for a caller that looks at {@link AsyncWork.busy} before each one. False when there is none. */
  step(scheduler: Scheduler): boolean {
    const before = this.patient;
    this.patient = true;
    try {
      return scheduler.step();
    } finally {
      this.patient = before;
    }
  }

  /** Runs `action` for a caller that waits for no promise: an event that needs one throws {@link NeedsPromise}. */
  impatiently<T>(action: () => T): T {
    const before = this.patient;
    this.patient = false;
    try {
      return action();
    } finally {
      this.patient = before;
    }
  }

  /** Runs all events up to and including `time`, and what they wake beside the clock; then sets the clock to it. */
  async runUntil(scheduler: Scheduler, time: number): Promise<void> {
    for (;;) {
      if (this.busy) await this.idle();
      const next = scheduler.nextAt();
      if (next === null || next > time) break;
      this.step(scheduler);
    }
    scheduler.runUntil(time);
  }

  /**
   * Lets time pass in which nothing has to happen: a reader's pause between two calls. Where a Node program has something to do before its end, the pause ends
   * there, and the next asynchronous call goes on with it.
   */
  pause(scheduler: Scheduler, duration: number): void {
    try {
      this.impatiently(() => scheduler.runFor(duration));
    } catch (error) {
      if (!(error instanceof NeedsPromise)) throw error;
    }
  }

  /**
   * Asked by an event of a Node program: whether promises are waited for now. When not, the event is put back, to come again at the same virtual time, and
   * {@link NeedsPromise} is thrown to whoever runs the clock.
   */
  demand(scheduler: Scheduler, who: () => string, again: () => void): void {
    if (this.patient) return;
    scheduler.after(0, again);
    throw new NeedsPromise(who());
  }
}

import { NO_TIMER, type Scheduler, type TimerId } from "./scheduler.js";

/** Someone who waits: called once, then forgotten. */
type Waiter = { wake: () => void };

/**
 * Who waits for something to change (a wait_queue_head): readers of a socket, parents of a process. Waking runs the waiters as
 * events of their own, in the order in which they came, so that a waker's work ends first.
 */
export class WaitQueue {
  private waiters: Waiter[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** Calls `wake` once at the next {@link wakeAll}. Returns a function that takes the waiter off again. */
  add(wake: () => void): () => void {
    const waiter = { wake };
    this.waiters.push(waiter);
    return () => {
      const i = this.waiters.indexOf(waiter);
      if (i >= 0) this.waiters.splice(i, 1);
    };
  }

  get empty(): boolean {
    return this.waiters.length === 0;
  }

  /** Wakes everyone after `delay` nanoseconds of virtual time (the wake-up's cost, or the packet's own elapsed time). */
  wakeAll(delay = 0): TimerId {
    if (this.waiters.length === 0) return NO_TIMER;
    const woken = this.waiters;
    this.waiters = [];
    return this.scheduler.after(delay, wakeWaiters, woken);
  }
}

function wakeWaiters(woken: unknown): void {
  for (const waiter of woken as Waiter[]) waiter.wake();
}

import type { Nanoseconds } from "../../base/units.js";
import type { Process } from "../../host/process.js";
import { afterPromises } from "../../sim/real-turn.js";
import { listenForRejections } from "../../sim/rejections.js";
import type { TimerId } from "../../sim/scheduler.js";
import { WaitQueue } from "../../sim/wait-queue.js";

/** Thrown by `process.exit` so that the code behind it does not run. Nothing of the lab catches it but the loop. */
export const EXIT: unique symbol = Symbol("process.exit");

/** Why a process goes on living: `work` that will be done by itself, or `others`, as a server waits for its clients. */
export type Hold = "work" | "others";

interface Posting {
  readonly loop: EventLoop;
  readonly action: () => void;
  cancelled: boolean;
}

/**
 * The event loop of one Node process (libuv): callbacks come as events of the lab's clock. The clock stands still from a callback until its ticks and promises
 * have run. One difference from Node: timers are exact to the nanosecond, not rounded to the loop's millisecond.
 */
export class EventLoop {
  /** Wakes when the process ends or when what it waits for becomes of another kind. */
  readonly changed: WaitQueue;
  exitCode: number | null = null;
  /** Virtual time of the last callback. */
  lastTurn: Nanoseconds;
  /** Gives the chance to go on (`beforeExit`) when nothing keeps the process alive. */
  beforeExit: () => void = () => {};
  /** Called once with the status, while callbacks can still print. */
  atExit: (status: number) => number = (status) => status;
  onError: (error: unknown, origin: "uncaughtException" | "unhandledRejection") => void = () => {};

  private readonly ticks: (() => void)[] = [];
  private readonly holds = { work: 0, others: 0 };
  private readonly closers = new Set<() => void>();
  private rejected = new Map<Promise<unknown>, unknown>();
  private stopListening: (() => void) | null = null;

  constructor(readonly process: Process) {
    const { scheduler } = process.host.world;
    this.changed = new WaitQueue(scheduler);
    this.lastTurn = scheduler.now;
  }

  get now(): Nanoseconds {
    return this.process.host.world.scheduler.now;
  }

  get ended(): boolean {
    return this.exitCode !== null;
  }

  /** What the process waits for, as far as one can tell from outside. */
  get waits(): Hold {
    return this.holds.work > 0 ? "work" : "others";
  }

  /** Runs `action` as a callback at a virtual time. Gives a function that takes it back. */
  at(time: Nanoseconds, action: () => void): () => void {
    const posting: Posting = { loop: this, action, cancelled: false };
    const { scheduler } = this.process.host.world;
    const id: TimerId = scheduler.at(time, firePosting, posting);
    return () => {
      posting.cancelled = true;
      scheduler.cancel(id);
    };
  }

  after(delay: Nanoseconds, action: () => void): () => void {
    return this.at(this.now + delay, action);
  }

  /** `process.nextTick`. */
  tick(action: () => void): void {
    this.ticks.push(action);
  }

  /** Keeps the process alive until the returned function is called (a second call does nothing). */
  hold(kind: Hold): () => void {
    const before = this.waits;
    this.holds[kind]++;
    if (this.waits !== before) this.changed.wakeAll();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holds[kind]--;
      if (kind === "work" && this.holds.work === 0) this.changed.wakeAll();
    };
  }

  /** `close` is called when the process ends, however it does (close of all descriptors). Gives a function that takes it back. */
  owns(close: () => void): () => void {
    this.closers.add(close);
    return () => this.closers.delete(close);
  }

  /** Ends the process: nothing of it runs any more. */
  exit(status: number): void {
    if (this.exitCode !== null) return;
    const code = this.atExit(status);
    if (this.exitCode !== null) return;
    this.exitCode = code & 255;
    this.dispose();
  }

  /** The process is gone. */
  dispose(): void {
    this.exitCode ??= 0;
    this.ticks.length = 0;
    for (const close of [...this.closers]) close();
    this.closers.clear();
    this.changed.wakeAll();
  }

  /** Runs one callback, the ticks and promises that come of it; until then the clock stands. */
  private turn(action: () => void): void {
    this.process.host.world.asyncWork.begin();
    this.lastTurn = this.now;
    this.stopListening = listenForRejections((reason, promise) => this.rejected.set(promise, reason));
    this.call(action);
    this.drainTicks();
    afterPromises(this.settle);
  }

  private readonly settle = (): void => {
    if (!this.ended && this.ticks.length > 0) {
      this.drainTicks();
      afterPromises(this.settle);
      return;
    }
    if (!this.ended && this.rejected.size > 0) {
      const reasons = [...this.rejected.values()];
      this.rejected = new Map();
      for (const reason of reasons) if (reason !== EXIT) this.fail(reason, "unhandledRejection");
      afterPromises(this.settle);
      return;
    }
    if (!this.ended && this.holds.work + this.holds.others === 0) {
      this.call(this.beforeExit);
      if (this.ticks.length > 0) this.drainTicks();
      if (!this.ended && this.holds.work + this.holds.others === 0) this.exit(0);
    }
    this.stopListening?.();
    this.stopListening = null;
    this.process.host.world.asyncWork.end();
  };

  private drainTicks(): void {
    for (let i = 0; i < this.ticks.length && !this.ended; i++) this.call(this.ticks[i]!);
    this.ticks.length = 0;
  }

  private call(action: () => void): void {
    if (this.ended) return;
    try {
      action();
    } catch (error) {
      if (error !== EXIT) this.fail(error, "uncaughtException");
    }
  }

  private fail(error: unknown, origin: "uncaughtException" | "unhandledRejection"): void {
    if (this.ended) return;
    try {
      this.onError(error, origin);
    } catch (again) {
      if (again !== EXIT) this.exit(7);
    }
  }

  /** @internal */
  fire(posting: Posting): void {
    if (posting.cancelled || this.ended) return;
    const { asyncWork, scheduler } = this.process.host.world;
    asyncWork.demand(
      scheduler,
      () => `${this.process.argv.slice(0, 2).join(" ")} on ${this.process.uts.hostname}`,
      () => this.fire(posting),
    );
    this.turn(posting.action);
  }
}

function firePosting(posting: unknown): void {
  (posting as Posting).loop.fire(posting as Posting);
}

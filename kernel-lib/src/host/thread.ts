import { NO_TIMER, type TimerId } from "../sim/scheduler.js";
import type { WaitQueue } from "../sim/wait-queue.js";
import type { Process, Steps, Wait } from "./process.js";

/**
 * A thread of a process: steps that run beside its program, without a pid of their own (a goroutine of dockerd). It ends with its process, and
 * when one of the queues wakes that it is given as its end.
 */
export class Thread {
  private timer: TimerId = NO_TIMER;
  private leaveQueues: (() => void)[] = [];
  private ended = false;
  /** Its code is on JavaScript's stack now. */
  private onStack = false;
  private readonly leaveEnds: readonly (() => void)[];

  /** Runs the first steps at once. */
  constructor(
    private readonly process: Process,
    private readonly steps: Steps<void>,
    ends: readonly WaitQueue[] = [],
  ) {
    this.leaveEnds = [process.exited, ...ends].map((queue) => queue.add(() => this.stop()));
    this.advance();
  }

  /** Ends it from outside: its `finally` blocks run. */
  stop(): void {
    if (this.ended || this.onStack) return;
    this.unblock();
    this.finish();
    this.steps.return();
  }

  private readonly advance = (): void => {
    if (this.ended || this.onStack) return;
    this.unblock();
    this.onStack = true;
    let step: IteratorResult<Wait, void>;
    try {
      step = this.steps.next();
    } catch (error) {
      this.finish();
      throw error;
    } finally {
      this.onStack = false;
    }
    if (step.done === true) this.finish();
    else this.block(step.value);
  };

  private finish(): void {
    this.ended = true;
    for (const leave of this.leaveEnds) leave();
  }

  private block(wait: Wait): void {
    if (wait.kind === "promise") throw new Error("bug in hopbook: a thread waits for a promise");
    for (const queue of wait.queues) this.leaveQueues.push(queue.add(this.advance));
    const deadline = wait.kind === "terminal" ? null : (wait.deadline ?? null);
    if (deadline !== null) this.timer = this.process.host.world.scheduler.at(deadline, this.advance, null);
  }

  private unblock(): void {
    for (const leave of this.leaveQueues) leave();
    this.leaveQueues = [];
    this.process.host.world.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
  }
}

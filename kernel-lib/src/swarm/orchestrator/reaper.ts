import { ms, type Nanoseconds } from "../../base/units.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import { hasEnded, isBefore, type TaskObject } from "../model/task.js";
import type { Leading } from "./leading.js";
import { slotKey } from "./new-task.js";

/** Tasks that have ended are gathered for so long (taskreaper.reaperBatchingInterval). */
const BATCHING: Nanoseconds = ms(250);

/** Takes tasks out of the store: those that were to be removed once they have stopped, and all but the newest of each slot (swarmkit's taskreaper). */
export class Reaper {
  private readonly removable = new Set<string>();
  private readonly grown = new Set<string>();
  private timer: TimerId = NO_TIMER;

  constructor(private readonly leading: Leading) {}

  /** A task is new or has changed. */
  look(task: TaskObject): void {
    const { state } = task.status;
    const gone = state === "orphaned" && !this.leading.store.services.has(task.serviceId);
    const removed = task.desired === "remove" && (hasEnded(state) || isBefore(state, "assigned"));
    if (removed || gone) this.removable.add(task.id);
    else if (state === "new" || hasEnded(state)) this.grown.add(task.serviceId);
    else return;
    if (this.timer === NO_TIMER) this.timer = this.leading.scheduler.after(BATCHING, () => this.reap());
  }

  cancel(): void {
    this.leading.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
  }

  private reap(): void {
    this.timer = NO_TIMER;
    const { store } = this.leading;
    for (const id of this.removable) store.remove("task", id);
    this.removable.clear();
    for (const id of this.grown) this.trim(store.tasksOfService(id));
    this.grown.clear();
  }

  private trim(tasks: readonly TaskObject[]): void {
    const bySlot = new Map<string, TaskObject[]>();
    for (const task of tasks) {
      const key = slotKey(task);
      const others = bySlot.get(key);
      if (others === undefined) bySlot.set(key, [task]);
      else others.push(task);
    }
    for (const slot of bySlot.values()) this.trimSlot(slot);
  }

  private trimSlot(tasks: readonly TaskObject[]): void {
    const { maxAttempts } = tasks.at(-1)!.spec.restart;
    const limit = this.leading.historyLimit();
    // More are kept where the number of restarts is counted by them. A negative limit keeps all.
    const kept = maxAttempts > 0 ? Math.max(limit, maxAttempts + 1) : limit;
    if (limit < 0) return;
    let surplus = tasks.length - kept;
    for (const task of tasks) {
      if (surplus <= 0) return;
      const runs = task.desired === "running" && !hasEnded(task.status.state);
      // A node has to stop it first: the next change of the task brings the reaper back.
      const stops = !hasEnded(task.status.state) && !isBefore(task.status.state, "assigned");
      if (runs || stops) continue;
      this.leading.store.remove("task", task.id);
      surplus--;
    }
  }
}

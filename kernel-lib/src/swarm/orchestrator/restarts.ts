import { type Nanoseconds, seconds } from "../../base/units.js";
import type { TimerId } from "../../sim/scheduler.js";
import type { ServiceObject } from "../model/service.js";
import { hasEnded, type TaskObject } from "../model/task.js";
import type { Leading } from "./leading.js";
import { addTask, slotKey, want } from "./new-task.js";

/** How long a task's successor waits for it to stop (restart.defaultOldTaskTimeout). */
const OLD_TASK_TIMEOUT: Nanoseconds = seconds(60);

/** A task that is to run once its delay is over and its predecessor has stopped. */
interface DelayedStart {
  readonly taskId: string;
  /** The task that must stop first; null when there is none, or it has stopped. */
  predecessor: string | null;
  /** The delay is over. */
  due: boolean;
  timers: TimerId[];
  readonly done: (() => void)[];
}

/** How often the tasks of one place have been started anew. */
interface History {
  readonly template: unknown;
  total: number;
  times: Nanoseconds[];
}

/** Starts tasks anew, after their delay and as often as their restart policy says (swarmkit's restart.Supervisor). */
export class Restarts {
  private readonly delayed = new Map<string, DelayedStart>();
  private readonly histories = new Map<string, History>();

  constructor(private readonly leading: Leading) {}

  /** A task has ended, or its node is lost: it is to be shut down, and another one takes its place. */
  restart(task: TaskObject, service: ServiceObject): void {
    const { store } = this.leading;
    const waiting = this.delayed.get(task.id);
    if (waiting !== undefined) {
      // It has failed before its own delay was over: without this a broken image would be tried again and again at once.
      if (waiting.done.length === 0) waiting.done.push(() => this.again(task.id));
      return;
    }
    if (hasEnded(task.desired)) return;
    want(this.leading, task, "shutdown");
    if (!this.mayRestart(task)) return;
    const node = task.nodeId === null ? undefined : store.nodes.get(task.nodeId);
    const place = { slot: task.slot, nodeId: task.slot === 0 ? task.nodeId : null };
    const next = addTask(this.leading, service, place, "ready");
    this.record(task);
    const delay = node?.availability === "drain" ? 0 : next.spec.restart.delay;
    const stopsFirst = node?.state !== "down" && !hasEnded(task.status.state);
    this.startLater(next, delay, stopsFirst ? task : null);
  }

  /** Lets a task run after a delay, and after another one has stopped. `done` is called when it may. */
  startLater(task: TaskObject, delay: Nanoseconds, predecessor: TaskObject | null, done?: () => void): void {
    const { scheduler } = this.leading;
    const start: DelayedStart = {
      taskId: task.id,
      predecessor: predecessor?.id ?? null,
      due: delay === 0,
      timers: [],
      done: done === undefined ? [] : [done],
    };
    this.delayed.set(task.id, start);
    const later = (after: Nanoseconds, then: () => void) =>
      start.timers.push(
        scheduler.after(after, () => {
          then();
          this.tryStart(start);
        }),
      );
    if (!start.due)
      later(delay, () => {
        start.due = true;
      });
    if (start.predecessor !== null)
      later(delay + OLD_TASK_TIMEOUT, () => {
        start.predecessor = null;
      });
    this.tryStart(start);
  }

  /** Something has changed: does a task that was waited for still run? */
  look(): void {
    for (const start of [...this.delayed.values()]) this.tryStart(start);
  }

  /** A new leader: tasks that were still to be started are started after their delay. */
  resume(): void {
    for (const task of this.leading.store.tasks.values())
      if (task.desired === "ready" && !this.delayed.has(task.id))
        this.startLater(
          task,
          Math.max(0, task.createdAt + task.spec.restart.delay - this.leading.scheduler.now),
          null,
        );
  }

  cancel(): void {
    for (const { timers } of this.delayed.values())
      for (const timer of timers) this.leading.scheduler.cancel(timer);
    this.delayed.clear();
  }

  /**
   * Those tasks of one slot that stand for it: they are to run, or they have ended and their restart policy lets no other one take their place. None: the slot
   * is free.
   */
  standing(tasks: readonly TaskObject[], service: ServiceObject): readonly TaskObject[] {
    const alive = tasks.filter((task) => !hasEnded(task.desired));
    if (alive.length > 0) return alive;
    if (service.updateStatus?.state === "rollback_started") return [];
    const newest = tasks.filter(({ desired }) => desired !== "remove").at(-1);
    return newest === undefined || this.mayRestart(newest) ? [] : [newest];
  }

  private mayRestart(task: TaskObject): boolean {
    const { condition, maxAttempts, window } = task.spec.restart;
    if (condition === "none") return false;
    if (condition === "on-failure" && task.status.state === "complete") return false;
    if (maxAttempts === 0) return true;
    const history = this.histories.get(slotKey(task));
    if (history === undefined || history.template !== task.spec) return true;
    if (window === 0) return history.total < maxAttempts;
    const since = this.leading.scheduler.now - window;
    history.times = history.times.filter((time) => time > since);
    return history.times.length < maxAttempts;
  }

  private record(task: TaskObject): void {
    if (task.spec.restart.maxAttempts === 0) return;
    const key = slotKey(task);
    let history = this.histories.get(key);
    if (history === undefined || history.template !== task.spec) {
      history = { template: task.spec, total: 0, times: [] };
      this.histories.set(key, history);
    }
    history.total++;
    history.times.push(this.leading.scheduler.now);
  }

  private again(taskId: string): void {
    const { store } = this.leading;
    const task = store.tasks.get(taskId);
    const service = task === undefined ? undefined : store.services.get(task.serviceId);
    if (task !== undefined && service !== undefined && hasEnded(task.status.state))
      this.restart(task, service);
  }

  private tryStart(start: DelayedStart): void {
    if (this.delayed.get(start.taskId) !== start) return;
    if (start.predecessor !== null && this.hasStopped(start.predecessor)) start.predecessor = null;
    if (!start.due || start.predecessor !== null) return;
    this.delayed.delete(start.taskId);
    for (const timer of start.timers) this.leading.scheduler.cancel(timer);
    const task = this.leading.store.tasks.get(start.taskId);
    if (task?.desired === "ready") want(this.leading, task, "running");
    for (const done of start.done) done();
  }

  private hasStopped(taskId: string): boolean {
    const { tasks, nodes } = this.leading.store;
    const task = tasks.get(taskId);
    if (task === undefined || hasEnded(task.status.state)) return true;
    return task.nodeId === null || nodes.get(task.nodeId)?.state === "down" || !nodes.has(task.nodeId);
  }
}

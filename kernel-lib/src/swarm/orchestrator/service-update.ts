import type { Nanoseconds } from "../../base/units.js";
import type { TimerId } from "../../sim/scheduler.js";
import type { ServiceObject, ServiceSpec, UpdateConfig, UpdateStatus } from "../model/service.js";
import { hasEnded, isBefore, type TaskObject } from "../model/task.js";
import { isDirty } from "./dirty.js";
import type { Leading } from "./leading.js";
import { addTask, want } from "./new-task.js";
import type { Restarts } from "./restarts.js";

const WORDS: Readonly<Record<UpdateStatus["state"], string>> = {
  updating: "update in progress",
  paused: "update paused",
  completed: "update completed",
  rollback_started: "rollback in progress",
  rollback_paused: "rollback paused",
  rollback_completed: "rollback completed",
};

/** Writes down how far an update has come. */
export function setUpdateStatus(
  { store, scheduler }: Leading,
  service: ServiceObject,
  state: UpdateStatus["state"],
  message = WORDS[state],
): void {
  const { now } = scheduler;
  const begins = state === "updating" || state === "rollback_started";
  service.updateStatus = {
    state,
    startedAt: begins ? now : (service.updateStatus?.startedAt ?? now),
    completedAt: state === "completed" || state === "rollback_completed" ? now : null,
    message,
  };
  store.put("service", service);
}

/** A worker's slot in the making: the successor that it waits for. */
interface Replacement {
  readonly slot: readonly TaskObject[];
  readonly taskId: string;
}

/**
 * One update of a service (swarmkit's update.Updater): so many slots at a time as `--update-parallelism` says, each replaced by stopping the old task first
 * or by starting the new one first, with a delay before a worker's next one. New tasks that fail within the monitoring time count as failures.
 */
export class ServiceUpdate {
  private readonly spec: ServiceSpec;
  private readonly config: UpdateConfig;
  private readonly rollingBack: boolean;
  private readonly queue: (readonly TaskObject[])[];
  private readonly replacements = new Map<string, Replacement>();
  /** When each of the new tasks was seen to run; null until then. */
  private readonly made = new Map<string, Nanoseconds | null>();
  private readonly failed = new Set<string>();
  private readonly timers = new Set<TimerId>();
  private workers = 0;
  private stopped = false;

  constructor(
    private readonly leading: Leading,
    private readonly restarts: Restarts,
    private readonly service: ServiceObject,
    private readonly dirty: readonly (readonly TaskObject[])[],
    private readonly ended: () => void,
  ) {
    this.spec = service.spec;
    this.rollingBack = service.updateStatus?.state === "rollback_started";
    this.config = this.rollingBack ? service.spec.rollback : service.spec.update;
    this.queue = [...dirty];
  }

  /** Whether it leads to what the service is to be now. */
  isOf(service: ServiceObject): boolean {
    const rollingBack = service.updateStatus?.state === "rollback_started";
    return !this.stopped && service.spec === this.spec && rollingBack === this.rollingBack;
  }

  start(): void {
    const { updateStatus } = this.service;
    if (updateStatus === null || updateStatus.completedAt !== null)
      setUpdateStatus(this.leading, this.service, "updating");
    const { parallelism } = this.config;
    this.workers = parallelism === 0 ? this.dirty.length : Math.min(parallelism, this.dirty.length);
    for (let worker = 0; worker < this.workers; worker++) this.next();
  }

  cancel(): void {
    this.stopped = true;
    for (const timer of this.timers) this.leading.scheduler.cancel(timer);
    this.timers.clear();
  }

  /** A task of the service has changed. */
  look(task: TaskObject): void {
    if (this.stopped) return;
    const { state } = task.status;
    const replacement = this.replacements.get(task.id);
    if (replacement !== undefined && !isBefore(state, "running")) {
      this.replacements.delete(task.id);
      this.made.set(task.id, this.leading.scheduler.now);
      if (this.config.order === "start-first" && state === "running") this.stopOld(replacement.slot, task.id);
      if (hasEnded(state)) this.fail(task);
      if (!this.stopped) this.later(this.config.delay, () => this.next());
    } else if (hasEnded(state)) this.fail(task);
  }

  /** A worker takes the next slot; the last one to find none starts the time of monitoring. */
  private next(): void {
    if (this.stopped) return;
    const slot = this.queue.shift();
    if (slot !== undefined) {
      this.replace(slot);
      return;
    }
    this.workers--;
    if (this.workers === 0) this.later(this.config.monitor, () => this.complete());
  }

  private replace(slot: readonly TaskObject[]): void {
    const { store } = this.leading;
    const { service } = this;
    const clean = slot.filter((task) => !isDirty(service, task, store.nodes.get(task.nodeId ?? "")));
    const existing = clean.find(({ desired }) => desired === "running") ?? clean[0];
    if (existing !== undefined) {
      this.useExisting(slot, existing);
      return;
    }
    const [first] = slot;
    const place = { slot: first!.slot, nodeId: first!.slot === 0 ? first!.nodeId : null };
    const startFirst = this.config.order === "start-first";
    const old = startFirst ? null : this.stopOld(slot, null);
    const task = addTask(this.leading, service, place, "ready");
    this.made.set(task.id, null);
    this.replacements.set(task.id, { slot, taskId: task.id });
    this.restarts.startLater(task, 0, old);
  }

  /** The slot has what it is to have already (an update that was broken off): only the others go. */
  private useExisting(slot: readonly TaskObject[], existing: TaskObject): void {
    const old = this.stopOld(slot, existing.id);
    const goOn = () => this.later(this.config.delay, () => this.next());
    if (existing.desired === "running") goOn();
    else this.restarts.startLater(existing, 0, old, goOn);
  }

  /** Shuts the tasks of a slot down but one; gives the last of them. */
  private stopOld(slot: readonly TaskObject[], except: string | null): TaskObject | null {
    let last: TaskObject | null = null;
    for (const { id } of slot) {
      const task = this.leading.store.tasks.get(id);
      if (task === undefined || id === except || hasEnded(task.desired)) continue;
      want(this.leading, task, "shutdown");
      last = task;
    }
    return last;
  }

  /** A new task that ends within the time of monitoring is a failure; too many of them pause the update, or turn it round. */
  private fail(task: TaskObject): void {
    const startedAt = this.made.get(task.id);
    if (startedAt === undefined || this.failed.has(task.id)) return;
    if (startedAt !== null && this.leading.scheduler.now - startedAt > this.config.monitor) return;
    this.failed.add(task.id);
    const { failureAction, maxFailureRatio } = this.config;
    if (failureAction === "continue" || this.failed.size / this.dirty.length <= maxFailureRatio) return;
    const because = `due to failure or early termination of task ${task.id}`;
    this.end();
    if (failureAction === "pause" || this.rollingBack) {
      const state = this.rollingBack ? "rollback_paused" : "paused";
      setUpdateStatus(this.leading, this.service, state, `${WORDS[state]} ${because}`);
    } else this.rollBack(`update rolled back ${because}`);
  }

  private rollBack(message: string): void {
    const { service } = this;
    if (service.previousSpec === null) return;
    service.spec = service.previousSpec;
    service.previousSpec = null;
    service.updatedAt = this.leading.scheduler.now;
    setUpdateStatus(this.leading, service, "rollback_started", message);
  }

  private complete(): void {
    this.end();
    setUpdateStatus(this.leading, this.service, this.rollingBack ? "rollback_completed" : "completed");
  }

  private end(): void {
    this.cancel();
    this.ended();
  }

  private later(delay: Nanoseconds, then: () => void): void {
    const timer = this.leading.scheduler.after(delay, () => {
      this.timers.delete(timer);
      then();
    });
    this.timers.add(timer);
  }
}

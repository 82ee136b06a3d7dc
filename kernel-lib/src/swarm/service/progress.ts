import { type Nanoseconds, seconds } from "../../base/units.js";
import type { Engine } from "../../docker/engine.js";
import type { Output } from "../../host/process.js";
import type { Cluster } from "../cluster/cluster.js";
import type { ServiceObject } from "../model/service.js";
import { isTerminal, TASK_STATES, type TaskObject, type TaskState } from "../model/task.js";
import { isDirty } from "../orchestrator/dirty.js";
import { rankOf } from "./counts.js";
import { ProgressScreen } from "./progress-screen.js";

/** Bars are drawn for so many tasks at most. */
const MAXIMUM_BARS = 20;
/** `allocated` comes before `pending` in the client's own count. */
const FULL = 9;

export interface Outcome {
  /** What the client says on standard error; empty when all is well. */
  readonly error: string;
}

/** What the client shows while it waits for a service: it looks at the service, its newest tasks and the nodes each time (docker/cli, service/progress). */
export class Progress {
  private readonly screen: ProgressScreen | null;
  private initialized = false;
  private done = false;
  private converged = false;
  private convergedAt: Nanoseconds | null = null;
  private monitor = seconds(5);
  private rollback = false;
  /** Places of slots on the screen. */
  private readonly places = new Map<number, number>();

  constructor(
    private readonly engine: Engine,
    private readonly serviceId: string,
    stdout: Output | null,
    terminal: boolean,
  ) {
    this.screen = stdout === null ? null : new ProgressScreen(stdout, terminal);
  }

  /** One look. Null while there is more to wait for. */
  look(cluster: Cluster): Outcome | null {
    const service = cluster.store.services.get(this.serviceId);
    if (service === undefined) return { error: `Error: No such service: ${this.serviceId}` };
    if (service.spec.update.monitor > 0) this.monitor = service.spec.update.monitor;
    const ended = this.followUpdate(service);
    if (ended !== null) return ended;
    const { now } = cluster.world.scheduler;
    if (this.converged && this.convergedAt !== null && now - this.convergedAt >= this.monitor) {
      const newer = this.engine.version.messages === "28";
      this.show("verify", newer ? `Service ${this.serviceId} converged` : "Service converged");
      if (this.rollback && service.updateStatus?.state === "rollback_completed")
        this.show("rollback", service.updateStatus.message);
      return { error: "" };
    }
    this.converged = this.lookAtTasks(cluster, service);
    this.verify(now);
    return null;
  }

  end(): void {
    this.screen?.end();
  }

  private show(id: string, text: string): void {
    this.screen?.show(id, text);
  }

  private followUpdate({ updateStatus }: ServiceObject): Outcome | null {
    if (updateStatus === null) return null;
    switch (updateStatus.state) {
      case "updating":
        this.rollback = false;
        return null;
      case "completed":
        return this.converged ? null : { error: "" };
      case "paused":
        return { error: `service update paused: ${updateStatus.message}` };
      case "rollback_started":
        if (!this.rollback && updateStatus.message !== "") this.show("rollback", updateStatus.message);
        this.rollback = true;
        return null;
      case "rollback_paused":
        return { error: `service rollback paused: ${updateStatus.message}` };
      case "rollback_completed":
        this.rollback = true;
        return null;
    }
  }

  private verify(now: Nanoseconds): void {
    if (this.converged) {
      this.convergedAt ??= now;
      const wait = this.monitor - (now - this.convergedAt);
      if (wait >= 0)
        this.show(
          "verify",
          `Waiting ${Math.max(1, Math.ceil(wait / 1e9))} seconds to verify that tasks are stable...`,
        );
      return;
    }
    if (this.convergedAt !== null) this.show("verify", "Detected task failure");
    this.convergedAt = null;
  }

  private overall(count: number, total: number): void {
    const text = `${count} out of ${total} tasks`;
    this.show("overall progress", this.rollback ? `rolling back update: ${text}` : text);
  }

  private lookAtTasks(cluster: Cluster, service: ServiceObject): boolean {
    const { mode } = service.spec;
    const global = mode.kind === "global";
    const tasks = newestTasks(cluster, service, ({ nodeId, slot }) =>
      global ? (nodeId ?? "") : String(slot),
    );
    const total = mode.kind === "replicated" ? mode.replicas : tasks.size;
    if (!this.initialized) {
      if (global && total === 0) {
        this.show("overall progress", "waiting for new tasks");
        return false;
      }
      this.begin(total, global);
    }
    if (this.done && [...tasks.values()].some(({ status }) => status.state !== "running")) this.done = false;
    let running = 0;
    for (const task of tasks.values()) {
      if (global && !isActive(cluster, task)) continue;
      if (!isTerminal(task.desired) && task.status.state === "running") running++;
      this.showTask(task, total, global);
    }
    if (!this.done) {
      this.overall(running, total);
      this.done = running === total;
    }
    return running === total;
  }

  private begin(total: number, global: boolean): void {
    this.overall(0, total);
    if (!global && total <= MAXIMUM_BARS) for (let i = 1; i <= total; i++) this.show(`${i}/${total}`, " ");
    this.initialized = true;
  }

  private showTask(task: TaskObject, total: number, global: boolean): void {
    if (this.done || total > MAXIMUM_BARS) return;
    let id = (task.nodeId ?? "").slice(0, 12);
    if (!global) {
      const place = this.places.get(task.slot) ?? this.places.size + 1;
      this.places.set(task.slot, place);
      if (place > total) return;
      id = `${place}/${total}`;
    }
    if (task.status.error !== "") this.show(id, cutError(task.status.error));
    else if (!isTerminal(task.desired) && !isTerminal(task.status.state))
      this.screen?.bar(id, task.status.state.padEnd(FULL), progressOf(task.status.state), FULL);
  }
}

function progressOf(state: TaskState): number {
  const at = TASK_STATES.indexOf(state);
  return at === 0 ? 1 : at + 2;
}

function isActive({ store }: Cluster, { nodeId }: TaskObject): boolean {
  const state = nodeId === null ? undefined : store.nodes.get(nodeId)?.state;
  return state !== undefined && state !== "down";
}

/** The task of each place that counts: of several in one place the one that is wanted most, of those the one that is furthest back. */
function newestTasks(
  cluster: Cluster,
  service: ServiceObject,
  placeOf: (task: TaskObject) => string,
): Map<string, TaskObject> {
  const tasks = new Map<string, TaskObject>();
  for (const task of cluster.store.tasksOfService(service.id)) {
    if (isDirty(service, task, cluster.store.nodes.get(task.nodeId ?? ""))) continue;
    if (rankOf(task.desired) > rankOf("rejected") || rankOf(task.status.state) > rankOf("rejected")) continue;
    const place = placeOf(task);
    const known = tasks.get(place);
    if (known !== undefined && !goesBefore(task, known)) continue;
    if (task.nodeId !== null && !isActive(cluster, task) && service.spec.mode.kind === "replicated") continue;
    tasks.set(place, task);
  }
  return tasks;
}

function goesBefore(task: TaskObject, known: TaskObject): boolean {
  if (task.desired !== known.desired) return rankOf(task.desired) < rankOf(known.desired);
  return rankOf(task.status.state) < rankOf(known.status.state);
}

function cutError(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.length > 75 ? `${line.slice(0, 74)}…` : line;
}

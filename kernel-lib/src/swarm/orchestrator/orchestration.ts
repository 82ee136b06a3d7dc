import type { NodeObject } from "../model/node.js";
import type { ServiceObject } from "../model/service.js";
import type { Change } from "../model/store.js";
import { hasEnded, isBefore, type TaskObject } from "../model/task.js";
import type { LeaderPart } from "../parts.js";
import { enforceConstraints } from "./enforce-constraints.js";
import { isInvalid, reconcileGlobal, restartGlobal } from "./global.js";
import type { Leading } from "./leading.js";
import { statusAt, want } from "./new-task.js";
import { Placement } from "./placement.js";
import { Reaper } from "./reaper.js";
import { reconcileReplicated } from "./replicated.js";
import { Restarts } from "./restarts.js";
import { removeTasks } from "./slots.js";
import { Updates } from "./updates.js";

/**
 * What the leader does about services and tasks: it hears of each change of the store and acts on it (swarmkit's orchestrators, allocator's loop, scheduler and
 * reaper). Each part looks at the store as it is now, so hearing of a change twice does no harm.
 */
export class Orchestration implements LeaderPart {
  private readonly restarts: Restarts;
  private readonly updates: Updates;
  private readonly placement: Placement;
  private readonly reaper: Reaper;
  /** New tasks for which there was no address. */
  private readonly unallocated = new Set<string>();
  private unwatch: (() => void) | null = null;

  constructor(private readonly leading: Leading) {
    this.restarts = new Restarts(leading);
    this.updates = new Updates(leading, this.restarts);
    this.placement = new Placement(leading);
    this.reaper = new Reaper(leading);
  }

  lead(): void {
    const { store } = this.leading;
    this.unwatch ??= store.watch((change) => this.hear(change));
    for (const service of [...store.services.values()]) this.lookAtService(service);
    for (const task of [...store.tasks.values()]) this.lookAtTask(task);
    this.restarts.resume();
  }

  resign(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.restarts.cancel();
    this.updates.cancel();
    this.placement.cancel();
    this.reaper.cancel();
  }

  private hear({ table, id, removed }: Change): void {
    const { store } = this.leading;
    if (table === "service") {
      const service = store.services.get(id);
      if (service !== undefined) this.lookAtService(service);
      else if (removed) this.forgetService(id);
    } else if (table === "task") {
      const task = store.tasks.get(id);
      if (task !== undefined) this.lookAtTask(task);
      else if (removed) this.forgetTask(id);
    } else if (table === "node") {
      const node = store.nodes.get(id);
      if (node !== undefined) this.lookAtNode(node);
      else if (removed) this.forgetNode(id);
    }
  }

  private lookAtService(service: ServiceObject): void {
    const { allocation, store } = this.leading;
    if (allocation.service(service)) store.put("service", service);
    if (service.spec.mode.kind === "global")
      reconcileGlobal(this.leading, service, this.restarts, this.updates);
    else reconcileReplicated(this.leading, service, this.restarts, this.updates);
  }

  private forgetService(id: string): void {
    this.updates.drop(id);
    removeTasks(this.leading, this.leading.store.tasksOfService(id));
    this.leading.allocation.releaseService(id);
  }

  private lookAtTask(task: TaskObject): void {
    const { status, desired } = task;
    if (status.state === "new") this.allocate(task);
    this.reaper.look(task);
    this.placement.look(task);
    this.updates.look(task);
    if (hasEnded(status.state) && hasEnded(desired)) this.release(task.id);
    if (!hasEnded(desired)) this.restartWhereLost(task);
    this.restarts.look();
  }

  /** A new task gets its addresses and waits for a node from then on. */
  private allocate(task: TaskObject): void {
    const { scheduler, store } = this.leading;
    if (!this.leading.allocation.task(task)) {
      this.unallocated.add(task.id);
      return;
    }
    this.unallocated.delete(task.id);
    task.status = statusAt(scheduler.now, "pending", "pending task scheduling");
    task.updatedAt = scheduler.now;
    store.put("task", task);
  }

  private restartWhereLost(task: TaskObject): void {
    const { nodes, services } = this.leading.store;
    const service = services.get(task.serviceId);
    if (service === undefined) return;
    const assigned = task.nodeId !== null && !isBefore(task.status.state, "assigned");
    if (!hasEnded(task.status.state) && !(assigned && isInvalid(nodes.get(task.nodeId!)))) return;
    if (service.spec.mode.kind === "global") restartGlobal(this.leading, task, service, this.restarts);
    else this.restarts.restart(task, service);
  }

  /** A task's addresses are free again: one that had to wait may get them. */
  private release(id: string): void {
    this.leading.allocation.releaseTask(id);
    for (const waiting of [...this.unallocated]) {
      const task = this.leading.store.tasks.get(waiting);
      if (task?.status.state === "new" && !hasEnded(task.desired)) this.allocate(task);
      else this.unallocated.delete(waiting);
      if (this.unallocated.has(waiting)) return;
    }
  }

  private forgetTask(id: string): void {
    this.unallocated.delete(id);
    this.release(id);
    this.restarts.look();
    this.placement.lookAgain();
  }

  private lookAtNode(node: NodeObject): void {
    const { store } = this.leading;
    enforceConstraints(this.leading, node);
    for (const service of [...store.services.values()])
      if (service.spec.mode.kind === "global")
        reconcileGlobal(this.leading, service, this.restarts, this.updates);
    if (isInvalid(node))
      for (const task of store.tasksOfNode(node.id)) if (!hasEnded(task.desired)) this.restartWhereLost(task);
    this.restarts.look();
    this.placement.lookAgain();
  }

  /** The node has been removed: its tasks are nobody's (controlapi's orphanNodeTasks). */
  private forgetNode(id: string): void {
    const { store, scheduler } = this.leading;
    for (const task of store.tasksOfNode(id)) {
      if (!hasEnded(task.desired)) this.restartWhereLost(task);
      if (hasEnded(task.status.state)) continue;
      task.status = statusAt(scheduler.now, "orphaned", "Task belonged to a node that has been deleted");
      want(this.leading, task, "shutdown");
      store.put("task", task);
    }
    this.restarts.look();
  }
}

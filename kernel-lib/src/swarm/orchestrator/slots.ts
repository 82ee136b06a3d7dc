import type { ServiceObject } from "../model/service.js";
import { hasEnded, isBefore, type TaskObject } from "../model/task.js";
import type { Leading } from "./leading.js";
import { want } from "./new-task.js";
import type { Restarts } from "./restarts.js";

/** The tasks that stand for one slot (two of them while one replaces the other), and those of a slot that nobody stands for. */
export interface Slots {
  readonly standing: ReadonlyMap<number, readonly TaskObject[]>;
  readonly dead: ReadonlyMap<number, readonly TaskObject[]>;
}

/** The tasks of a replicated service by slot, lowest first. */
export function slotsOf({ store }: Leading, service: ServiceObject, restarts: Restarts): Slots {
  const bySlot = new Map<number, TaskObject[]>();
  for (const task of store.tasksOfService(service.id)) {
    const others = bySlot.get(task.slot);
    if (others === undefined) bySlot.set(task.slot, [task]);
    else others.push(task);
  }
  const standing = new Map<number, readonly TaskObject[]>();
  const dead = new Map<number, readonly TaskObject[]>();
  for (const [slot, tasks] of [...bySlot].sort(([a], [b]) => a - b)) {
    const alive = restarts.standing(tasks, service);
    if (alive.length > 0) standing.set(slot, alive);
    else dead.set(slot, tasks);
  }
  return { standing, dead };
}

/**
 * The slots in the order in which they are kept when a service gets fewer: running ones first, and of those on one node the first of each before the second
 * of any, so that what is left is spread (replicated.Orchestrator.reconcile).
 */
export function inOrderOfKeeping(slots: readonly (readonly TaskObject[])[]): (readonly TaskObject[])[] {
  const running = (slot: readonly TaskObject[]) =>
    slot.some((task) => task.status.state === "running") ? 0 : 1;
  const byRunning = [...slots].sort((a, b) => running(a) - running(b));
  const onNode = new Map<string, number>();
  const ranked = byRunning.map((slot) => {
    const node = slot.length === 1 ? slot[0]!.nodeId : null;
    if (node === null) return { slot, copy: Infinity };
    const copy = (onNode.get(node) ?? 0) + 1;
    onNode.set(node, copy);
    return { slot, copy };
  });
  return ranked.sort((a, b) => (a.copy === b.copy ? 0 : a.copy - b.copy)).map(({ slot }) => slot);
}

/** Takes tasks away for good: each is shut down first where it has been given to a node. */
export function removeTasks(leading: Leading, tasks: readonly TaskObject[]): void {
  for (const task of tasks) {
    const runs = !hasEnded(task.status.state) && !isBefore(task.status.state, "assigned");
    if (runs) want(leading, task, "remove");
    else leading.store.remove("task", task.id);
  }
}

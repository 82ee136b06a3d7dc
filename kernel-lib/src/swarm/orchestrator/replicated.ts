import type { ServiceObject } from "../model/service.js";
import type { Leading } from "./leading.js";
import { addTask, want } from "./new-task.js";
import type { Restarts } from "./restarts.js";
import { inOrderOfKeeping, removeTasks, slotsOf } from "./slots.js";
import type { Updates } from "./updates.js";

/** Gives a replicated service as many tasks as it asks for, and brings those it has up to date (replicated.Orchestrator.reconcile). */
export function reconcileReplicated(
  leading: Leading,
  service: ServiceObject,
  restarts: Restarts,
  updates: Updates,
): void {
  const { mode } = service.spec;
  if (mode.kind !== "replicated") return;
  const { standing, dead } = slotsOf(leading, service, restarts);
  const slots = [...standing.values()];
  if (mode.replicas < slots.length) {
    const kept = inOrderOfKeeping(slots);
    updates.update(service, kept.slice(0, mode.replicas));
    for (const slot of kept.slice(mode.replicas)) for (const task of slot) want(leading, task, "remove");
  } else {
    updates.update(service, slots);
    const free = new Set(dead.keys());
    for (let slot = 1, missing = mode.replicas - slots.length; missing > 0; slot++) {
      if (standing.has(slot)) continue;
      addTask(leading, service, { slot, nodeId: null });
      free.delete(slot);
      missing--;
    }
    for (const slot of free) removeTasks(leading, dead.get(slot)!);
    return;
  }
  for (const tasks of dead.values()) removeTasks(leading, tasks);
}

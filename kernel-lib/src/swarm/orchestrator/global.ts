import type { NodeObject } from "../model/node.js";
import type { ServiceObject } from "../model/service.js";
import { hasEnded, type TaskObject } from "../model/task.js";
import { meetsConstraints, parseConstraints } from "./constraint.js";
import type { Leading } from "./leading.js";
import { addTask, want } from "./new-task.js";
import type { Restarts } from "./restarts.js";
import type { Updates } from "./updates.js";

/** A node on which tasks may not stay (orchestrator.InvalidNode). */
export function isInvalid(node: NodeObject | undefined): boolean {
  return node === undefined || node.state === "down" || node.availability === "drain";
}

/** Gives each node one task of a global service, where its constraints let it (global.Orchestrator.reconcileServices). */
export function reconcileGlobal(
  leading: Leading,
  service: ServiceObject,
  restarts: Restarts,
  updates: Updates,
): void {
  const constraints = parseConstraints(service.spec.constraints);
  const byNode = new Map<string | null, TaskObject[]>();
  for (const task of leading.store.tasksOfService(service.id)) {
    const others = byNode.get(task.nodeId);
    if (others === undefined) byNode.set(task.nodeId, [task]);
    else others.push(task);
  }
  const kept: (readonly TaskObject[])[] = [];
  for (const node of leading.store.nodes.values()) {
    if (isInvalid(node)) continue;
    const tasks = restarts.standing(byNode.get(node.id) ?? [], service);
    byNode.delete(node.id);
    if (!meetsConstraints(node, constraints)) shutDown(leading, tasks);
    // A paused node keeps what it has and gets nothing new.
    else if (node.availability === "pause") continue;
    else if (tasks.length === 0) addTask(leading, service, { slot: 0, nodeId: node.id });
    else kept.push(tasks);
  }
  for (const tasks of byNode.values()) shutDown(leading, tasks);
  updates.update(service, kept);
}

/** A task of a global service has ended: it is started anew where its node still is to have one. */
export function restartGlobal(
  leading: Leading,
  task: TaskObject,
  service: ServiceObject,
  restarts: Restarts,
): void {
  const node = task.nodeId === null ? undefined : leading.store.nodes.get(task.nodeId);
  if (node === undefined || isInvalid(node)) return;
  const fits = meetsConstraints(node, parseConstraints(service.spec.constraints));
  if (node.availability === "pause" || !fits) shutDown(leading, [task]);
  else restarts.restart(task, service);
}

function shutDown(leading: Leading, tasks: readonly TaskObject[]): void {
  for (const task of tasks) if (!hasEnded(task.desired)) want(leading, task, "shutdown");
}

import type { NodeObject } from "../model/node.js";
import { hasEnded, isBefore } from "../model/task.js";
import { meetsConstraints, parseConstraints } from "./constraint.js";
import type { Leading } from "./leading.js";

/** Turns away tasks whose node no longer meets their constraints, as after `docker node update --label-rm` (swarmkit's constraintenforcer). */
export function enforceConstraints({ store, scheduler }: Leading, node: NodeObject): void {
  for (const task of store.tasksOfNode(node.id)) {
    const { state } = task.status;
    if (isBefore(state, "assigned") || hasEnded(state) || hasEnded(task.desired)) continue;
    if (meetsConstraints(node, parseConstraints(task.spec.constraints))) continue;
    task.status = {
      ...task.status,
      state: "rejected",
      at: scheduler.now,
      message: "task rejected by constraint enforcer",
      error: "assigned node no longer meets constraints",
    };
    store.put("task", task);
  }
}

import type { Cluster } from "../cluster/cluster.js";
import type { ServiceObject } from "../model/service.js";
import { isTerminal, TASK_STATES, type TaskState } from "../model/task.js";

const RANK = new Map(TASK_STATES.map((state, i) => [state, i]));

/** Where a state stands in the order of a task's life. */
export function rankOf(state: TaskState): number {
  return RANK.get(state)!;
}

/** How many tasks of a service run, and how many should. */
export function replicaCounts(
  { store }: Cluster,
  { id, spec }: ServiceObject,
): { readonly running: number; readonly desired: number } {
  const wanted = store.tasksOfService(id).filter(({ desired }) => !isTerminal(desired));
  const running = wanted.filter(
    ({ status, nodeId }) =>
      status.state === "running" && nodeId !== null && store.nodes.get(nodeId)?.state !== "down",
  );
  return {
    running: running.length,
    desired: spec.mode.kind === "replicated" ? spec.mode.replicas : wanted.length,
  };
}

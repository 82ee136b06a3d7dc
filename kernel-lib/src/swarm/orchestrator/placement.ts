import { ms, type Nanoseconds } from "../../base/units.js";
import { hashText } from "../../sim/random.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import { hasEnded, type TaskObject } from "../model/task.js";
import { fittingNodes } from "./filters.js";
import type { Leading } from "./leading.js";
import { statusAt } from "./new-task.js";
import { addLoad, compareLoads, type NodeLoad, nodeLoads } from "./node-load.js";

/** Tasks are gathered for so long before they are placed (scheduler.commitDebounceGap). */
const DEBOUNCE: Nanoseconds = ms(50);
/** Under this one the replicas of the recorded swarms stand on the nodes on which they were seen. */
const TIES = 2526;

/**
 * Gives pending tasks to nodes (swarmkit's scheduler): the service's tasks are spread, then all tasks. Where nodes are alike swarmkit takes any (Go's maps have
 * no order); here a hash of service and node decides, so that a lab's listings stay the same.
 */
export class Placement {
  private readonly pending = new Set<string>();
  private timer: TimerId = NO_TIMER;

  constructor(private readonly leading: Leading) {}

  /** A task has changed. */
  look(task: TaskObject): void {
    if (task.status.state === "pending" && !hasEnded(task.desired)) this.pending.add(task.id);
    else this.pending.delete(task.id);
    this.lookAgain();
  }

  /** Nodes or loads have changed: a task that fitted nowhere may fit now. */
  lookAgain(): void {
    if (this.pending.size > 0 && this.timer === NO_TIMER)
      this.timer = this.leading.scheduler.after(DEBOUNCE, () => this.place());
  }

  cancel(): void {
    this.leading.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
    this.pending.clear();
  }

  private place(): void {
    this.timer = NO_TIMER;
    const { store } = this.leading;
    const tasks = [...this.pending].flatMap((id) => store.tasks.get(id) ?? []);
    const loads = nodeLoads(this.leading);
    for (const task of tasks.sort((a, b) => a.createdAt - b.createdAt || a.slot - b.slot)) {
      if (task.status.state !== "pending" || hasEnded(task.desired)) this.pending.delete(task.id);
      else this.placeOne(task, loads);
    }
  }

  private placeOne(task: TaskObject, loads: readonly NodeLoad[]): void {
    const { store, scheduler } = this.leading;
    const possible = task.nodeId === null ? loads : loads.filter(({ node }) => node.id === task.nodeId);
    const { fitting, why } = fittingNodes(possible, task);
    const load = this.best(fitting, task);
    if (load === null) {
      if (task.status.error === why) return;
      task.status = statusAt(scheduler.now, "pending", task.status.message, why);
    } else {
      this.pending.delete(task.id);
      task.nodeId = load.node.id;
      task.status = statusAt(scheduler.now, "assigned", "scheduler assigned task to node");
      addLoad(load, task);
    }
    task.updatedAt = scheduler.now;
    store.put("task", task);
  }

  /** Goes down the tree of the preferences, each time into the branch with the fewest tasks of the service, then takes the least loaded node. */
  private best(fitting: readonly NodeLoad[], task: TaskObject): NodeLoad | null {
    let nodes = fitting;
    for (const preference of task.spec.preferences)
      nodes = leastUsedBranch(nodes, preference, task.serviceId);
    const { name } = task.spec;
    let best: NodeLoad | null = null;
    for (const load of nodes) {
      const order = best === null ? -1 : compareLoads(load, best, task.serviceId);
      if (order < 0 || (order === 0 && tie(name, load) < tie(name, best!))) best = load;
    }
    return best;
  }
}

function tie(service: string, { node }: NodeLoad): number {
  return hashText(`${service} ${node.hostname}`, TIES) >>> 0;
}

/** The nodes that share the value of a label (`spread=node.labels.zone`) which has the fewest tasks of the service. */
function leastUsedBranch(
  nodes: readonly NodeLoad[],
  preference: string,
  serviceId: string,
): readonly NodeLoad[] {
  const branches = new Map<string, NodeLoad[]>();
  for (const load of nodes) {
    const value = labelOf(load, preference);
    const branch = branches.get(value);
    if (branch === undefined) branches.set(value, [load]);
    else branch.push(load);
  }
  let least: readonly NodeLoad[] = nodes;
  let fewest = Infinity;
  for (const branch of branches.values()) {
    const tasks = branch.reduce((sum, { ofService }) => sum + (ofService.get(serviceId) ?? 0), 0);
    if (tasks >= fewest) continue;
    fewest = tasks;
    least = branch;
  }
  return least;
}

/** The value of `node.labels.KEY` or `engine.labels.KEY`; empty where the node lacks it. */
function labelOf({ node }: NodeLoad, descriptor: string): string {
  const lower = descriptor.toLowerCase();
  if (lower.startsWith("node.labels.")) return node.labels.get(descriptor.slice("node.labels.".length)) ?? "";
  if (lower.startsWith("engine.labels."))
    return node.engineLabels.get(descriptor.slice("engine.labels.".length)) ?? "";
  return "";
}

import { ms, type Nanoseconds } from "../../base/units.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import type { Cluster } from "../cluster/cluster.js";
import { isBefore } from "../model/task.js";
import type { LeaderPart } from "../parts.js";

/** Changes are gathered for so long before the nodes hear of them (dispatcher.batchingWaitTime). */
const BATCHING: Nanoseconds = ms(100);

/** Tells the nodes whose session stands that their tasks have changed (swarmkit's dispatcher). */
export class Dispatcher implements LeaderPart {
  private readonly nodes = new Set<string>();
  private timer: TimerId = NO_TIMER;
  private unwatch: (() => void) | null = null;

  constructor(private readonly cluster: Cluster) {}

  lead(): void {
    const { store } = this.cluster;
    for (const node of store.nodes.keys()) this.nodes.add(node);
    this.soon();
    this.unwatch ??= store.watch(({ table, id, removed, nodeId }) => {
      if (table !== "task") return;
      const task = store.tasks.get(id);
      if (removed ? nodeId === null : task === undefined || isBefore(task.status.state, "assigned")) return;
      this.nodes.add((removed ? nodeId : task!.nodeId)!);
      this.soon();
    });
  }

  resign(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.cluster.world.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
  }

  private soon(): void {
    if (this.timer === NO_TIMER) this.timer = this.cluster.world.scheduler.after(BATCHING, () => this.tell());
  }

  private tell(): void {
    this.timer = NO_TIMER;
    const told = [...this.nodes];
    this.nodes.clear();
    for (const id of told) this.cluster.sessions.tell(id);
  }
}

import type { World } from "../../trace/world.js";
import { Dispatcher } from "../agent/dispatcher.js";
import { Orchestration } from "../orchestrator/orchestration.js";
import { Cluster, type ClusterOptions } from "./cluster.js";

/** A new swarm, with everything that its leader does: parts are added here, in the order in which they are told. */
export function newCluster(world: World, machine: string, options: ClusterOptions): Cluster {
  const cluster = new Cluster(world, machine, options);
  const orchestration = new Orchestration({
    store: cluster.store,
    scheduler: world.scheduler,
    allocation: cluster.allocator,
    historyLimit: () => cluster.spec.taskHistoryLimit,
    newId: () => cluster.ids.next(),
  });
  cluster.parts.push(cluster.allocator, orchestration, new Dispatcher(cluster));
  return cluster;
}

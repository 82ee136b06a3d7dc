import type { World } from "../../trace/world.js";
import { Cluster, type ClusterOptions } from "./cluster.js";

/** A new swarm, with everything that its leader does: parts are added here, in the order in which they are told. */
export function newCluster(world: World, machine: string, options: ClusterOptions): Cluster {
  return new Cluster(world, machine, options);
}

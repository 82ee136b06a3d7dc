import type { Cluster } from "../cluster/cluster.js";
import type { TaskObject } from "../model/task.js";

/** `helloworld.1`; a global service's task goes by its node: `web.NODEID`. */
export function taskName({ store }: Cluster, { serviceId, slot, nodeId, spec }: TaskObject): string {
  const name = store.services.get(serviceId)?.spec.name ?? spec.name;
  return `${name}.${slot === 0 ? (nodeId ?? "") : slot}`;
}

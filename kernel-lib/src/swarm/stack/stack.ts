import type { Cluster } from "../cluster/cluster.js";
import type { NetworkObject } from "../model/network.js";
import type { ServiceObject } from "../model/service.js";
import { naturalOrder } from "../service/natural-order.js";
import { NAMESPACE_LABEL } from "./convert.js";

/** What the client says before it deploys a stack on an engine that manages no swarm. */
export const NOT_A_MANAGER =
  'this node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again';

/** The services of a stack, by name. */
export function stackServices({ store }: Cluster, namespace: string): readonly ServiceObject[] {
  return [...store.services.values()]
    .filter(({ spec }) => spec.labels.get(NAMESPACE_LABEL) === namespace)
    .sort((a, b) => naturalOrder(a.spec.name, b.spec.name));
}

export function stackNetworkObjects({ store }: Cluster, namespace: string): readonly NetworkObject[] {
  return [...store.networks.values()]
    .filter(({ labels }) => labels.get(NAMESPACE_LABEL) === namespace)
    .sort((a, b) => naturalOrder(a.name, b.name));
}

/** The stacks that have services, with how many. */
export function stacks({ store }: Cluster): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of store.services.values()) {
    const namespace = spec.labels.get(NAMESPACE_LABEL);
    if (namespace !== undefined) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => naturalOrder(a, b)));
}

import type { Ipv4 } from "../../base/addresses.js";
import { type IngressPortConfig, portsKey } from "./port.js";

/** A replica as the machines of its network tell each other of it. */
export interface Replica {
  readonly endpointId: string;
  readonly networkId: string;
  readonly serviceId: string;
  /** Null: the service has no virtual address there (--endpoint-mode dnsrr). */
  readonly vip: Ipv4 | null;
  readonly address: Ipv4;
  readonly ingressPorts: readonly IngressPortConfig[];
}

/** A service in one network, as one machine balances it (libnetwork's loadBalancer). */
export interface LoadBalancer {
  readonly networkId: string;
  readonly serviceId: string;
  readonly vip: Ipv4 | null;
  readonly mark: number;
  readonly ports: readonly IngressPortConfig[];
  /** Its replicas by endpoint, in the order in which the machine learned of them. */
  readonly backends: Map<string, Backend>;
}

export interface Backend {
  readonly address: Ipv4;
  /** It takes no new connections: weight 0. */
  disabled: boolean;
}

/** What the kernel has to be told of. */
export type BindingChange =
  | { readonly kind: "service-added" | "service-removed"; readonly balancer: LoadBalancer }
  | {
      readonly kind: "backend-added" | "backend-disabled" | "backend-removed";
      readonly balancer: LoadBalancer;
      readonly address: Ipv4;
    };

/** The mark of the first service that a machine learns of (libnetwork's fwMarkCtr). */
const FIRST_MARK = 256;

/**
 * The services that one machine knows, each with its mark: a counter of the machine's own, so that one service has different marks on different
 * machines. A service without a virtual address uses up a mark too (libnetwork's serviceBindings).
 */
export class ServiceBindings {
  private readonly services = new Map<string, Map<string, LoadBalancer>>();
  private nextMark = FIRST_MARK;

  /** All that a network has, in the order in which the machine learned of them. */
  *inNetwork(networkId: string): Iterable<LoadBalancer> {
    for (const networks of this.services.values()) {
      const balancer = networks.get(networkId);
      if (balancer !== undefined) yield balancer;
    }
  }

  add(replica: Replica): readonly BindingChange[] {
    const { endpointId, networkId, serviceId, vip, address, ingressPorts } = replica;
    const key = serviceKey(replica);
    const networks = this.services.get(key) ?? new Map<string, LoadBalancer>();
    this.services.set(key, networks);
    let balancer = networks.get(networkId);
    const changes: BindingChange[] = [];
    if (balancer === undefined) {
      const mark = this.nextMark++;
      balancer = { networkId, serviceId, vip, mark, ports: ingressPorts, backends: new Map() };
      networks.set(networkId, balancer);
      changes.push({ kind: "service-added", balancer });
    }
    const known = balancer.backends.get(endpointId);
    balancer.backends.set(endpointId, { address, disabled: false });
    if (known === undefined || known.disabled) changes.push({ kind: "backend-added", balancer, address });
    return changes;
  }

  /** No new connections go to the replica any more. */
  disable(replica: Replica): readonly BindingChange[] {
    const balancer = this.find(replica);
    const backend = balancer?.backends.get(replica.endpointId);
    if (balancer === undefined || backend === undefined || backend.disabled) return [];
    backend.disabled = true;
    return [{ kind: "backend-disabled", balancer, address: backend.address }];
  }

  /** The service goes with its last replica. */
  remove(replica: Replica): readonly BindingChange[] {
    const balancer = this.find(replica);
    const backend = balancer?.backends.get(replica.endpointId);
    if (balancer === undefined || backend === undefined) return [];
    balancer.backends.delete(replica.endpointId);
    const changes: BindingChange[] = [{ kind: "backend-removed", balancer, address: backend.address }];
    if (balancer.backends.size > 0) return changes;
    const key = serviceKey(replica);
    const networks = this.services.get(key)!;
    networks.delete(replica.networkId);
    if (networks.size === 0) this.services.delete(key);
    return [...changes, { kind: "service-removed", balancer }];
  }

  /** The mark of a service in a network; null when the machine does not know it. */
  markOf(networkId: string, serviceId: string): number | null {
    for (const balancer of this.inNetwork(networkId))
      if (balancer.serviceId === serviceId) return balancer.mark;
    return null;
  }

  private find(replica: Replica): LoadBalancer | undefined {
    return this.services.get(serviceKey(replica))?.get(replica.networkId);
  }
}

/** A service whose ports were changed is another one, so that old and new replicas are balanced side by side. */
function serviceKey({ serviceId, ingressPorts }: Replica): string {
  return `${serviceId} ${portsKey(ingressPorts)}`;
}

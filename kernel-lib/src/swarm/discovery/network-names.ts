import type { Ipv4 } from "../../base/addresses.js";

/** An endpoint's names as its machine tells them to the others of the network. */
export interface NamedEndpoint {
  readonly endpointId: string;
  /** `web.1.lm423lz1bf2nbfg6ygtzmapyp`; of a container that belongs to no service its own name. */
  readonly taskName: string;
  readonly taskAliases: readonly string[];
  /** Empty for a container that belongs to no service. */
  readonly serviceId: string;
  readonly serviceName: string;
  /** Further names of the service in this network (`--network name=…,alias=…`). */
  readonly aliases: readonly string[];
  readonly vip: Ipv4 | null;
  readonly address: Ipv4;
}

/** Who has an address under a name: an endpoint or a service. An address is known as long as one is left. */
type Owners = Set<string>;

/**
 * The names of one swarm network, as one machine knows them (libnetwork's svcRecords): of each task and its aliases, `tasks.SERVICE` with the addresses
 * of all tasks, and the service's own name and aliases, which lead to its virtual address or, without one, to the tasks'. Names compare without case.
 */
export class NetworkNames {
  private readonly byName = new Map<string, Map<Ipv4, Owners>>();
  /** Each address with the task's name; aliases and services have none. */
  private readonly byAddress = new Map<Ipv4, string>();
  private readonly endpoints = new Map<string, NamedEndpoint>();

  add(endpoint: NamedEndpoint): void {
    this.remove(endpoint.endpointId);
    this.endpoints.set(endpoint.endpointId, endpoint);
    for (const [name, address] of namesOf(endpoint)) {
      const addresses = this.byName.get(name) ?? new Map<Ipv4, Owners>();
      this.byName.set(name, addresses);
      addresses.set(address, (addresses.get(address) ?? new Set()).add(endpoint.endpointId));
    }
    this.byAddress.set(endpoint.address, endpoint.taskName);
  }

  /** The virtual address goes with the last endpoint of its service. */
  remove(endpointId: string): void {
    const endpoint = this.endpoints.get(endpointId);
    if (endpoint === undefined) return;
    this.endpoints.delete(endpointId);
    for (const [name, address] of namesOf(endpoint)) {
      const addresses = this.byName.get(name);
      const owners = addresses?.get(address);
      owners?.delete(endpointId);
      if (owners?.size === 0) addresses!.delete(address);
      if (addresses?.size === 0) this.byName.delete(name);
    }
    if (this.byAddress.get(endpoint.address) === endpoint.taskName) this.byAddress.delete(endpoint.address);
  }

  /** Empty when it is no name of the network. */
  addresses(name: string): readonly Ipv4[] {
    return [...(this.byName.get(name.toLowerCase())?.keys() ?? [])];
  }

  /** The task that has an address; null for a virtual one. */
  nameOf(address: Ipv4): string | null {
    return this.byAddress.get(address) ?? null;
  }
}

function namesOf(endpoint: NamedEndpoint): readonly (readonly [name: string, address: Ipv4])[] {
  const { taskName, taskAliases, serviceId, serviceName, aliases, vip, address } = endpoint;
  const own = [taskName, ...taskAliases].map((name) => [name.toLowerCase(), address] as const);
  if (serviceId === "") return own;
  const services = [serviceName, ...aliases].map((name) => name.toLowerCase());
  return [
    ...own,
    ...services.map((name) => [`tasks.${name}`, address] as const),
    ...services.map((name) => [name, vip ?? address] as const),
  ];
}

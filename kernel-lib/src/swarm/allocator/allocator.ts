import { type Cidr, type Ipv4, parseCidr } from "../../base/addresses.js";
import { DockerError } from "../../docker/docker-error.js";
import type { DockerVersion } from "../../docker/versions/version.js";
import type { Cluster } from "../cluster/cluster.js";
import type { NetworkObject } from "../model/network.js";
import type { ServiceObject, ServiceSpec } from "../model/service.js";
import type { TaskAttachment, TaskObject } from "../model/task.js";
import type { LeaderPart } from "../parts.js";
import { SwarmAddressPool } from "./address-pool.js";
import { PublishedPortSpace } from "./ports.js";
import { Subnets } from "./subnets.js";

/** VXLAN network identifier of the swarm's first network (vxlanIDStart). */
const FIRST_VNI = 4096;
const OLD_INGRESS: Cidr = parseCidr("10.255.0.0/16");
const DEFAULT_BLOCK: Cidr = parseCidr("10.0.0.0/8");

/** What a new network of the swarm is asked to be; an address that is null is chosen. */
export type NetworkWish = Pick<
  NetworkObject,
  "name" | "ingress" | "attachable" | "internal" | "options" | "labels" | "wantedSubnet" | "wantedGateway"
> & { readonly subnet: Cidr | null; readonly gateway: Ipv4 | null };

const INGRESS: NetworkWish = {
  name: "ingress",
  ingress: true,
  attachable: false,
  internal: false,
  options: new Map(),
  labels: new Map(),
  wantedSubnet: null,
  wantedGateway: null,
  subnet: null,
  gateway: null,
};

/**
 * Gives networks their subnets and VNIs, services their virtual addresses and ports, tasks and nodes their addresses (swarmkit's allocator). The leader changes
 * the store with it; what it gives it gives in the order in which it is asked.
 */
export class Allocator implements LeaderPart {
  private readonly subnets: Subnets;
  private readonly pools = new Map<string, SwarmAddressPool>();
  private readonly ports = new PublishedPortSpace();
  private readonly taskAddresses = new Map<string, readonly TaskAttachment[]>();
  private readonly serviceAddresses = new Map<string, ServiceObject["virtualIps"]>();
  private nextVni = FIRST_VNI;
  private begun = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly release: DockerVersion,
  ) {
    const { addressPools, subnetSize } = cluster.options;
    const blocks = addressPools.length > 0 ? addressPools : [DEFAULT_BLOCK];
    this.subnets = new Subnets({ blocks, size: subnetSize });
  }

  /** The swarm's first leader makes the ingress network. */
  lead(): void {
    if (this.begun) return;
    this.begun = true;
    this.network(INGRESS);
  }

  resign(): void {}

  /** Releases before 18.09 have a fixed ingress network, and give the lowest free address. */
  private get older(): boolean {
    return this.release !== "20.10" && this.release !== "28";
  }

  /** Makes a network. Throws DockerError when its addresses cannot be had. */
  network(wish: NetworkWish): NetworkObject {
    const { cluster } = this;
    const fixed = wish.ingress && this.older ? OLD_INGRESS : null;
    const subnet = this.subnets.claim(wish.subnet ?? fixed);
    const pool = new SwarmAddressPool(subnet, !this.older);
    const gateway = pool.request(wish.gateway);
    if (gateway === null) throw new DockerError("no available addresses on this pool");
    const network: NetworkObject = {
      ...wish,
      id: cluster.ids.next(),
      subnet,
      gateway,
      vni: this.nextVni++,
      createdAt: cluster.world.scheduler.now,
      nodeAddresses: new Map(),
      version: 0,
    };
    this.pools.set(network.id, pool);
    cluster.store.put("network", network);
    return network;
  }

  /** The network is gone. */
  releaseNetwork(network: NetworkObject): void {
    this.subnets.release(network.subnet);
    this.pools.delete(network.id);
    this.cluster.store.remove("network", network.id);
  }

  /** The address of a node's load balancer in a network (on the ingress network that of its ingress_sbox): the same each time, until it is released. */
  nodeAddress(network: NetworkObject, nodeId: string): Ipv4 {
    const known = network.nodeAddresses.get(nodeId);
    if (known !== undefined) return known;
    const address = this.pools.get(network.id)?.request() ?? null;
    if (address === null) throw new DockerError(`no available IPv4 addresses on network ${network.name}`);
    network.nodeAddresses.set(nodeId, address);
    return address;
  }

  releaseNodeAddress(network: NetworkObject, nodeId: string): void {
    const address = network.nodeAddresses.get(nodeId);
    if (address === undefined) return;
    network.nodeAddresses.delete(nodeId);
    this.pools.get(network.id)?.release(address);
  }

  /** An address for a container that is no task. Null: none is left. */
  attach(networkId: string, wanted: Ipv4 | null): Ipv4 | null {
    return this.pools.get(networkId)?.request(wanted) ?? null;
  }

  detach(networkId: string, address: Ipv4): void {
    this.pools.get(networkId)?.release(address);
  }

  /** Fills in virtual addresses and published ports. True when something of the service has changed. */
  service(service: ServiceObject): boolean {
    const ports = this.ports.claim(service.id, service.spec.ports, service.ports);
    if (ports === null) return false;
    const before = JSON.stringify([service.ports, service.virtualIps]);
    service.ports = ports;
    const had = this.serviceAddresses.get(service.id) ?? [];
    const wanted = service.spec.endpointMode === "vip" ? this.networksOf(service.spec) : [];
    for (const { networkId, address } of had)
      if (!wanted.includes(networkId)) this.pools.get(networkId)?.release(address);
    service.virtualIps = wanted.flatMap((networkId) => {
      const known = had.find((one) => one.networkId === networkId);
      const address = known?.address ?? this.pools.get(networkId)?.request() ?? null;
      return address === null ? [] : [{ networkId, address }];
    });
    this.serviceAddresses.set(service.id, service.virtualIps);
    return JSON.stringify([service.ports, service.virtualIps]) !== before;
  }

  /** Fills in the task's address in each of its networks. False: not yet, an address or the service's ports are missing. */
  task(task: TaskObject): boolean {
    if (this.taskAddresses.has(task.id)) return true;
    const given: TaskAttachment[] = [];
    for (const networkId of this.networksOf(task.spec)) {
      const address = this.pools.get(networkId)?.request() ?? null;
      if (address === null) {
        for (const one of given) this.pools.get(one.networkId)?.release(one.address);
        return false;
      }
      given.push({ networkId, address });
    }
    task.attachments = given;
    this.taskAddresses.set(task.id, given);
    return true;
  }

  /** The service is gone. */
  releaseService(serviceId: string): void {
    this.ports.release(serviceId);
    for (const { networkId, address } of this.serviceAddresses.get(serviceId) ?? [])
      this.pools.get(networkId)?.release(address);
    this.serviceAddresses.delete(serviceId);
  }

  /** The task has ended, or is gone. */
  releaseTask(taskId: string): void {
    for (const { networkId, address } of this.taskAddresses.get(taskId) ?? [])
      this.pools.get(networkId)?.release(address);
    this.taskAddresses.delete(taskId);
  }

  /** The networks of the swarm that a service is in: the ingress network first, where it publishes a port there. */
  private networksOf({ ports, networks }: ServiceSpec): readonly string[] {
    const { store } = this.cluster;
    const ingress = ports.some(({ mode }) => mode === "ingress")
      ? [...store.networks.values()].filter((network) => network.ingress).map(({ id }) => id)
      : [];
    const own = networks.map(({ target }) => target).filter((id) => store.networks.has(id));
    return [...new Set([...ingress, ...own])];
  }
}

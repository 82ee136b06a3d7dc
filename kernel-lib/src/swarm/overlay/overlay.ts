import { formatCidr, formatIpv4 } from "../../base/addresses.js";
import type { Container } from "../../docker/container/container.js";
import type { Engine } from "../../docker/engine.js";
import { timeOf } from "../../docker/go/time.js";
import { bridgeOptions } from "../../docker/network/bridge-options.js";
import { AddressPool } from "../../docker/network/ipam.js";
import { NO_IPAM_REQUEST } from "../../docker/network/ipam-request.js";
import { Network, type NetworkRequest } from "../../docker/network/network.js";
import { leave } from "../../docker/network/sandbox.js";
import type { SwarmDriver } from "../../docker/network/swarm-networks.js";
import type { Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import { WaitQueue } from "../../sim/wait-queue.js";
import { gathering } from "../gossip/gathering.js";
import { Gossip } from "../gossip/gossip.js";
import type { EndpointRecord } from "../gossip/tables.js";
import type { SwarmMember } from "../member.js";
import type { NetworkObject } from "../model/network.js";
import type { MemberPart } from "../parts.js";
import { PROBE_COMMANDS } from "./devices.js";
import { OverlayNetwork } from "./overlay-network.js";
import { OverlaySandbox } from "./overlay-sandbox.js";

/** Who wants to know of the sandboxes that balance services. */
export interface SandboxListener {
  /** Its devices are there. */
  opened(sandbox: OverlaySandbox): Steps<void>;
  /** It goes, with all that is in it. */
  closing(sandbox: OverlaySandbox): Steps<void>;
}

/** What a task is, for the other nodes. */
export type TaskIdentity = Pick<EndpointRecord, "taskName" | "taskId" | "serviceName" | "serviceId"> & {
  /** By network: its names there and those of its service, its virtual address (0: none), and on the ingress network its ports. */
  readonly networks: ReadonlyMap<
    string,
    Pick<EndpointRecord, "vip" | "aliases" | "taskAliases" | "ingressPorts">
  >;
};

interface Here {
  readonly network: Network;
  readonly overlay: OverlayNetwork;
  readonly sandbox: OverlaySandbox | null;
}

/**
 * The swarm's networks on one node: each comes when the node needs it and goes when nothing is in it any more; the ingress network is there as long as the node is
 * in the swarm.
 */
export class Overlay implements MemberPart {
  readonly gossip: Gossip;
  readonly listeners: SandboxListener[] = [];
  private readonly here = new Map<string, Here>();
  private readonly heard: WaitQueue;
  private probed = false;

  constructor(private readonly member: SwarmMember) {
    this.gossip = new Gossip(member);
    this.heard = new WaitQueue(member.engine.host.world.scheduler);
    this.gossip.watch("overlay_peer_table", (event) => {
      const known = this.here.get(event.record.networkId);
      if (known?.overlay.hear(event)) this.heard.wakeAll();
    });
  }

  *start(): Steps<void> {
    yield* this.engine.exclusively(this.clear(false));
    this.gossip.open();
    this.member.background(this.serve());
    const { store } = this.member.cluster!;
    const ingress = [...store.networks.values()].find((network) => network.ingress);
    if (ingress !== undefined) yield* this.engine.exclusively(this.need(ingress.id));
  }

  /** A daemon that ends leaves all as it is: the next one clears it away. */
  *stop(leaving: boolean): Steps<void> {
    if (leaving) yield* this.engine.exclusively(this.clear(true));
    this.gossip.close();
  }

  /** The network on this node; it comes if it is not there yet. To be called within the engine's turn (`engine.exclusively`). */
  *need(networkId: string): Steps<Network> {
    const known = this.here.get(networkId);
    if (known !== undefined) return known.network;
    const { cluster, nodeId } = this.member;
    const object = cluster!.store.networks.get(networkId);
    if (object === undefined) throw new Error(`bug in hopbook: the swarm has no network ${networkId}`);
    yield* this.probe();
    const overlay = new OverlayNetwork(this.member, this.gossip, object);
    const network = networkOf(this.engine, object, overlay);
    this.engine.networks.adopt(network);
    this.gossip.join(networkId);
    this.here.set(networkId, { network, overlay, sandbox: null });
    if (object.ingress || this.member.balancing.layout.place === "node") {
      const address = cluster!.allocator.nodeAddress(object, nodeId);
      const sandbox = yield* OverlaySandbox.open(this.engine, network, overlay, address);
      this.here.set(networkId, { network, overlay, sandbox });
      for (const listener of this.listeners) yield* listener.opened(sandbox);
    }
    return network;
  }

  /** The network goes from this node when no container is in it any more. Within the engine's turn. */
  *release(networkId: string): Steps<void> {
    const known = this.here.get(networkId);
    if (known === undefined || known.overlay.ingress || known.network.endpoints.size > 0) return;
    yield* this.remove(networkId);
  }

  /** The ingress network goes too: it is removed, or the node leaves. A daemon that starts again gets the same address as before. Within the engine's turn. */
  *remove(networkId: string, forGood = true): Steps<void> {
    const known = this.here.get(networkId);
    if (known === undefined) return;
    const { network, overlay, sandbox } = known;
    if (sandbox !== null) {
      for (const listener of this.listeners) yield* listener.closing(sandbox);
      yield* sandbox.close();
    }
    overlay.close();
    this.here.delete(networkId);
    this.engine.networks.drop(network);
    this.gossip.leave(networkId);
    const { cluster, nodeId } = this.member;
    if (forGood) cluster?.allocator.releaseNodeAddress(overlay.object, nodeId);
  }

  /** The sandbox of a network on this node; null: there is none. */
  sandboxOf(networkId: string): OverlaySandbox | null {
    return this.here.get(networkId)?.sandbox ?? null;
  }

  /** The networks of the swarm that are on this node. */
  networks(): readonly Network[] {
    return [...this.here.values()].map(({ network }) => network);
  }

  /** The other nodes hear what a container is for: its names are known and its service's load reaches it from now on. */
  activate(container: Container, identity: TaskIdentity): void {
    for (const [network, endpoint] of container.endpoints) {
      if (network.swarm === null) continue;
      const { networks, ...task } = identity;
      const own = networks.get(network.id);
      this.gossip.put("endpoint_table", {
        networkId: network.id,
        endpointId: endpoint.id,
        cause: this.engine.serving.cause,
        ...task,
        vip: own?.vip ?? 0,
        address: endpoint.address!,
        ingressPorts: own?.ingressPorts ?? [],
        aliases: own?.aliases ?? [],
        taskAliases: own?.taskAliases ?? [],
        disabled: false,
      });
    }
  }

  /** The container is to end: it gets no new connections. */
  deactivate(container: Container): void {
    for (const [network, endpoint] of container.endpoints) {
      const record = this.gossip.get("endpoint_table", network.id, endpoint.id);
      if (record !== null) this.gossip.put("endpoint_table", { ...record, disabled: true });
    }
  }

  private get engine(): Engine {
    return this.member.engine;
  }

  /** Before its first network the driver tries whether the kernel knows VXLAN. */
  private *probe(): Steps<void> {
    if (this.probed) return;
    this.probed = true;
    for (const argv of PROBE_COMMANDS) yield* this.engine.must(argv);
  }

  /** Everything goes: what a daemon before this one has left, or what the node had in the swarm that it leaves. */
  private *clear(leaving: boolean): Steps<void> {
    for (const [networkId, { network }] of [...this.here]) {
      for (const endpoint of [...network.endpoints.values()]) yield* leave(this.engine, endpoint);
      yield* this.remove(networkId, leaving);
    }
  }

  /** What gossip tells goes to the kernel, in turn with what else changes networks. */
  private *serve(): Steps<void> {
    for (;;) {
      for (const { overlay } of [...this.here.values()])
        if (overlay.hasNews) yield* this.engine.exclusively(overlay.obey());
      yield* until([this.heard]);
      yield* gathering(this.engine.host.world.scheduler);
    }
  }
}

/** The engine's view of a network of the swarm. */
export function networkOf(engine: Engine, object: NetworkObject, driver: SwarmDriver | null): Network {
  const { subnet, gateway, options, labels } = object;
  const request: NetworkRequest = {
    name: object.name,
    driver: "overlay",
    ...NO_IPAM_REQUEST,
    subnet: formatCidr(subnet),
    gateway: formatIpv4(gateway),
    internal: object.internal,
    attachable: object.attachable,
    ingress: object.ingress,
    options: new Map([...options, ["com.docker.network.driver.overlay.vxlanid_list", String(object.vni)]]),
    labels,
  };
  const pool = new AddressPool(subnet, null);
  pool.request(gateway);
  const created = driver === null ? object.createdAt : engine.host.world.scheduler.now;
  const bridge = bridgeOptions(new Map(), engine.version);
  return new Network(object.id, timeOf(created), request, pool, gateway, false, bridge, driver);
}

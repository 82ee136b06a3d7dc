import { type Ipv4, parseMac } from "../../base/addresses.js";
import type { Engine } from "../../docker/engine.js";
import { type MountedNetns, mountNetns, unmountNetns } from "../../docker/network/mounted-netns.js";
import type { Endpoint } from "../../docker/network/network.js";
import type { Place } from "../../docker/network/place.js";
import type {
  EndpointDevices,
  NetworkPeer,
  NetworkService,
  SwarmDriver,
} from "../../docker/network/swarm-networks.js";
import type { Steps } from "../../host/process.js";
import { byCause, inBatch } from "../by-cause.js";
import type { Gossip } from "../gossip/gossip.js";
import type { GossipEvent, PeerRecord } from "../gossip/tables.js";
import type { SwarmMember } from "../member.js";
import type { NetworkObject } from "../model/network.js";
import {
  forwardingWords,
  neighbourWords,
  overlayMtu,
  type PeerChange,
  pairCommands,
  subnetCommands,
} from "./devices.js";
import type { TaskIdentity } from "./overlay.js";

/**
 * An overlay network on one node (libnetwork's overlay driver): a namespace `1-…` with a bridge, on which the local endpoints and a VXLAN device are. The namespace
 * comes with the first endpoint and goes with the last. Where the endpoints of other nodes live, gossip tells; vxlan0 has a permanent neighbour and a
 * permanent forwarding entry for each, and answers ARP for them.
 */
export class OverlayNetwork implements SwarmDriver {
  /** Ports of br0 by endpoint: `veth0`. */
  private readonly ports = new Map<string, string>();
  private sandbox: MountedNetns | null = null;
  private nextPort = 0;
  private pending: PeerChange[] = [];

  constructor(
    private readonly member: SwarmMember,
    private readonly gossip: Gossip,
    readonly object: NetworkObject,
  ) {}

  get ingress(): boolean {
    return this.object.ingress;
  }

  /** Name of its namespace: `1-cxschhdybl`. */
  get namespaceName(): string {
    return `1-${this.object.id.slice(0, 10)}`;
  }

  *connect(endpoint: EndpointDevices, peer: string): Steps<void> {
    const { place } = this.sandbox ?? (yield* this.open());
    const port = `veth${this.nextPort++}`;
    this.ports.set(endpoint.id, port);
    const pair = { hostDevice: endpoint.hostDevice!, peer, port, mtu: overlayMtu(this.object) };
    for (const argv of pairCommands(pair, place)) yield* this.engine.must(argv);
  }

  *joined(endpoint: Endpoint, place: Place): Steps<void> {
    this.connected(endpoint);
    yield* this.member.taskEndpoints.joined(endpoint, place);
    const { networks, overlay } = this.member;
    if (networks.isAttached(endpoint.container, this.object.id))
      overlay.activate(endpoint.container, attachedIdentity(endpoint));
  }

  /** The endpoint is in its namespace: the other nodes hear of it. */
  connected(endpoint: Pick<Endpoint, "id" | "address" | "mac">): void {
    this.gossip.put("overlay_peer_table", {
      networkId: this.object.id,
      endpointId: endpoint.id,
      cause: this.engine.serving.cause,
      address: endpoint.address!,
      mac: parseMac(endpoint.mac),
      vtep: this.member.address,
    });
  }

  *disconnect(endpoint: EndpointDevices): Steps<void> {
    const { id } = this.object;
    this.member.taskEndpoints.left(endpoint.id);
    this.gossip.delete("endpoint_table", id, endpoint.id);
    this.gossip.delete("overlay_peer_table", id, endpoint.id);
    const port = this.ports.get(endpoint.id);
    if (port === undefined || this.sandbox === null) return;
    this.ports.delete(endpoint.id);
    if (this.ports.size > 0)
      yield* this.engine.command([...this.sandbox.place.enter, "ip", "link", "delete", "dev", port]);
    else this.close();
  }

  peers(): readonly NetworkPeer[] {
    const { random } = this.engine.host.world;
    return this.gossip.nodes(this.object.id).map((nodeId) => ({
      name: random.fork(`gossip/${nodeId}`).hex(12),
      address: this.member.cluster?.store.nodes.get(nodeId)?.address ?? 0,
    }));
  }

  services(): readonly NetworkService[] {
    const { id } = this.object;
    const rows = this.gossip.list("endpoint_table", id);
    return [...new Set(rows.map(({ serviceName }) => serviceName))].map((name) => {
      const replicas = rows.filter(({ serviceName }) => serviceName === name);
      const { vip, ingressPorts, serviceId } = replicas[0]!;
      return {
        name,
        vip: vip === 0 ? null : vip,
        ports: ingressPorts,
        mark: this.member.balancing.markOf(id, serviceId) ?? 0,
        tasks: replicas.map(({ taskName, endpointId, address }) => {
          const host = this.gossip.get("overlay_peer_table", id, endpointId)?.vtep ?? 0;
          return { name: taskName, endpointId, address, host };
        }),
      };
    });
  }

  /** Gossip has told of an endpoint. True when there is something to do for {@link obey}. */
  hear({ record, removed, own }: GossipEvent<"overlay_peer_table">): boolean {
    if (own || this.sandbox === null) return false;
    // An endpoint of a node that died goes after its successor with the same address has come: that one stays (libnetwork's peerDeleteOp).
    const successor = removed ? this.remoteEndpointAt(record.address) : undefined;
    this.pending.push(successor === undefined ? { record, removed } : { record: successor, removed: false });
    return true;
  }

  private remoteEndpointAt(address: Ipv4): PeerRecord | undefined {
    return this.gossip
      .list("overlay_peer_table", this.object.id)
      .find((record) => record.address === address && record.vtep !== this.member.address);
  }

  /** There is something that the kernel has not been told. */
  get hasNews(): boolean {
    return this.pending.length > 0;
  }

  /** Tells the kernel what has been heard, the changes of one command together. */
  *obey(): Steps<void> {
    yield* byCause(
      this.engine,
      this.pending.splice(0),
      ({ record }) => record.cause,
      (changes) => this.tell(changes),
    );
  }

  /** The namespace goes, with all that is in it. */
  close(): void {
    this.pending = [];
    this.ports.clear();
    this.nextPort = 0;
    this.sandbox = null;
    unmountNetns(this.engine, this.namespaceName);
  }

  private get engine(): Engine {
    return this.member.engine;
  }

  private *open(): Steps<MountedNetns> {
    const sandbox = yield* mountNetns(this.engine, this.namespaceName);
    const port = this.member.cluster!.options.dataPathPort;
    for (const argv of subnetCommands(this.object, port, sandbox.place, this.engine.version))
      yield* this.engine.must(argv);
    this.sandbox = sandbox;
    this.pending = this.gossip
      .list("overlay_peer_table", this.object.id)
      .filter(({ vtep }) => vtep !== this.member.address)
      .map((record) => ({ record, removed: false }));
    yield* this.obey();
    return sandbox;
  }

  private *tell(changes: readonly PeerChange[]): Steps<void> {
    if (this.sandbox === null) return;
    const { enter } = this.sandbox.place;
    const both = [
      ["ip", changes.map(neighbourWords)],
      ["bridge", changes.flatMap(forwardingWords)],
    ] as const;
    for (const [tool, lines] of both) {
      const stdin = inBatch(lines);
      if (stdin === null) for (const words of lines) yield* this.engine.command([...enter, tool, ...words]);
      else yield* this.engine.command([...enter, tool, "-force", "-batch", "-"], { stdin });
    }
  }
}

/** A container that is no task goes by its own names. */
function attachedIdentity({ container, network }: Endpoint): TaskIdentity {
  const taskAliases = container.networks.get(network.name)?.aliases ?? [];
  const names = { vip: 0, aliases: [], taskAliases, ingressPorts: [] };
  return {
    taskName: container.name,
    taskId: "",
    serviceName: "",
    serviceId: "",
    networks: new Map([[network.id, names]]),
  };
}

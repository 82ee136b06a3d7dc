import type { Ipv4 } from "../../base/addresses.js";
import type { Container } from "../../docker/container/container.js";
import { DockerError } from "../../docker/docker-error.js";
import { wantedAddresses } from "../../docker/network/ipam-request.js";
import type { Endpoint, Network, NetworkRequest } from "../../docker/network/network.js";
import type { SwarmAttachment, SwarmNetworks } from "../../docker/network/swarm-networks.js";
import type { Steps } from "../../host/process.js";
import type { SwarmMember } from "../member.js";
import type { NetworkObject } from "../model/network.js";
import { isTerminal } from "../model/task.js";
import { networkOf, type Overlay } from "./overlay.js";

const ENCRYPTED = "encrypted";
const NO_ANSWER =
  "attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded";

/** What the engine's commands ask about networks of the swarm. */
export class MemberNetworks implements SwarmNetworks {
  /** The swarm's networks as they are shown where they are not. */
  private readonly views = new WeakMap<NetworkObject, Network>();
  /** Containers that are no tasks, in the networks to which the swarm has let them. */
  private readonly attached = new Map<Container, Set<string>>();

  constructor(
    private readonly member: SwarmMember,
    private readonly overlay: Overlay,
  ) {}

  list(): readonly Network[] {
    const { cluster, engine, isManager } = this.member;
    if (cluster === null || !isManager) return this.overlay.networks();
    return [...cluster.store.networks.values()].map((object) => {
      const known = this.views.get(object) ?? networkOf(engine, object, null);
      this.views.set(object, known);
      return known;
    });
  }

  *create(request: NetworkRequest): Steps<string> {
    const cluster = this.member.expectManager();
    cluster.expectLeader();
    if (request.options.has(ENCRYPTED))
      throw new DockerError(
        `network option ${ENCRYPTED} is not supported here: the lab has no IPsec`,
        "invalid",
      );
    const existing = [...cluster.store.networks.values()].find((network) => network.ingress);
    if (request.ingress === true && existing !== undefined)
      throw new DockerError(
        `rpc error: code = AlreadyExists desc = ingress network (${existing.id}) is already present`,
      );
    if (request.furtherSubnets.length > 0)
      throw new DockerError("overlay networks with several subnets are not supported here", "invalid");
    const { subnet, gateway } = wantedAddresses(request);
    return cluster.allocator.network({
      name: request.name,
      ingress: request.ingress === true,
      attachable: request.attachable,
      internal: request.internal,
      options: request.options,
      labels: request.labels,
      wantedSubnet: request.subnet,
      wantedGateway: request.gateway,
      subnet,
      gateway,
    }).id;
  }

  *remove({ id }: Network): Steps<void> {
    const cluster = this.member.expectManager();
    cluster.expectLeader();
    const object = cluster.store.networks.get(id);
    if (object === undefined) throw new DockerError(`network ${id} not found`, "notFound", "network");
    this.refuseInUse(object);
    cluster.allocator.releaseNetwork(object);
    yield* object.ingress ? this.overlay.remove(id) : this.overlay.release(id);
  }

  *attach(container: Container, name: string, wanted: Ipv4 | null): Steps<SwarmAttachment | null> {
    const { cluster } = this.member;
    if (cluster === null) return null;
    const object = findNetwork(cluster.store.networks, name);
    if (object === null) return null;
    if (!this.member.connected) throw new DockerError(NO_ANSWER);
    if (!object.attachable)
      throw new DockerError(
        `Could not attach to network ${name}: rpc error: code = PermissionDenied desc = network ${name} not manually attachable`,
      );
    const address = cluster.allocator.attach(object.id, wanted);
    if (address === null) throw new DockerError(NO_ANSWER);
    const network = yield* this.overlay.need(object.id);
    const known = this.attached.get(container) ?? new Set();
    this.attached.set(container, known.add(object.id));
    return { network, address };
  }

  /** Whether a container is no task, but was let into the network. */
  isAttached(container: Container, networkId: string): boolean {
    return this.attached.get(container)?.has(networkId) === true;
  }

  *detach({ container, network, address }: Endpoint): Steps<void> {
    const known = this.attached.get(container);
    if (known?.delete(network.id) !== true) return;
    if (known.size === 0) this.attached.delete(container);
    this.member.cluster?.allocator.detach(network.id, address!);
    yield* this.overlay.release(network.id);
  }

  private refuseInUse({ id, ingress }: NetworkObject): void {
    const { store } = this.member.cluster!;
    for (const service of store.services.values()) {
      if (ingress && service.spec.ports.some(({ mode }) => mode === "ingress"))
        throw failed(`ingress network cannot be removed because service ${service.id} depends on it`);
      if (service.spec.networks.some(({ target }) => target === id))
        throw failed(`network ${id} is in use by service ${service.id}`);
    }
    // Tasks that are to end do not hold it: their nodes keep it until they have ended.
    for (const task of store.tasks.values())
      if (
        !isTerminal(task.desired) &&
        !isTerminal(task.status.state) &&
        task.attachments.some(({ networkId }) => networkId === id)
      )
        throw failed(`network ${id} is in use by task ${task.id}`);
  }
}

function failed(reason: string): DockerError {
  return new DockerError(`rpc error: code = FailedPrecondition desc = ${reason}`, "invalid");
}

/** By name, id, or the beginning of an id. */
function findNetwork(networks: ReadonlyMap<string, NetworkObject>, text: string): NetworkObject | null {
  const all = [...networks.values()];
  return (
    all.find(({ name }) => name === text) ??
    networks.get(text) ??
    all.find(({ id }) => text !== "" && id.startsWith(text)) ??
    null
  );
}

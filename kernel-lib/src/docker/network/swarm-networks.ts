import type { Ipv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { Container } from "../container/container.js";
import type { Endpoint, Network, NetworkRequest } from "./network.js";
import type { Place } from "./place.js";

/** A node that is in a network of the swarm, as `docker network inspect` shows it. */
export interface NetworkPeer {
  /** The first twelve digits of its name among the nodes that gossip. */
  readonly name: string;
  readonly address: Ipv4;
}

/** A service in a network, as `docker network inspect --verbose` shows it. */
export interface NetworkService {
  /** Empty: containers that are no tasks. */
  readonly name: string;
  /** Null: it has none. */
  readonly vip: Ipv4 | null;
  readonly ports: readonly { readonly targetPort: number; readonly publishedPort: number }[];
  /** Its mark on this node. */
  readonly mark: number;
  readonly tasks: readonly {
    readonly name: string;
    readonly endpointId: string;
    readonly address: Ipv4;
    readonly host: Ipv4;
  }[];
}

/**
 * What makes a network of the swarm work on this engine: the driver of its endpoints (libnetwork's driverapi.Driver). The endpoint's own end is moved into its
 * namespace and configured there by the engine, as for a bridge.
 */
export interface SwarmDriver {
  readonly ingress: boolean;
  /** Makes an endpoint's pair: the end `hostDevice` is in place afterwards, the end `peer` is on the machine. */
  connect(endpoint: EndpointDevices, peer: string): Steps<void>;
  /** The endpoint is in its namespace: the other nodes hear of it. */
  connected(endpoint: Pick<Endpoint, "id" | "address" | "mac">): void;
  /** The same for a container's: the namespace gets what belongs to it there, too. */
  joined(endpoint: Endpoint, place: Place): Steps<void>;
  /** Takes the pair of an endpoint away. */
  disconnect(endpoint: EndpointDevices): Steps<void>;
  /** The nodes that have the network. */
  peers(): readonly NetworkPeer[];
  /** The services of which the node has heard in it. */
  services(): readonly NetworkService[];
}

/** The devices of an endpoint, whoever it belongs to. */
export type EndpointDevices = Pick<
  Endpoint,
  "id" | "network" | "address" | "mac" | "hostDevice" | "containerDevice"
>;

/** An address that the swarm has given to a container that is no task. */
export interface SwarmAttachment {
  readonly network: Network;
  readonly address: Ipv4;
}

/** The networks of a swarm, as one of its nodes sees them. */
export interface SwarmNetworks {
  /** All of the swarm's on a manager, those that it has on a worker; the engine has each of its own already. */
  list(): readonly Network[];
  /** Makes one for the whole swarm and gives its id. Throws DockerError, on a worker too. */
  create(request: NetworkRequest): Steps<string>;
  /** Throws DockerError while services or tasks need it. */
  remove(network: Network): Steps<void>;
  /** The network of that name comes to this node with an address for the container. Null: there is none. Throws DockerError where it is not attachable. */
  attach(container: Container, name: string, wanted: Ipv4 | null): Steps<SwarmAttachment | null>;
  /** The container has left it. */
  detach(endpoint: Endpoint): Steps<void>;
}

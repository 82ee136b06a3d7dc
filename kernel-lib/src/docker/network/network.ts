import type { Ipv4 } from "../../base/addresses.js";
import type { Container } from "../container/container.js";
import type { GoTime } from "../go/value.js";
import type { BridgeOptions } from "./bridge-options.js";
import type { AddressPool } from "./ipam.js";
import type { IpamRequest } from "./ipam-request.js";
import type { SwarmDriver } from "./swarm-networks.js";

/** What `docker network create` is asked for. */
export interface NetworkRequest extends IpamRequest {
  readonly name: string;
  readonly driver: "bridge" | "host" | "null" | "overlay";
  readonly internal: boolean;
  readonly attachable: boolean;
  /** `--ingress`: the network of the routing mesh. */
  readonly ingress?: boolean;
  readonly options: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** A container's place in a network. */
export interface Endpoint {
  readonly id: string;
  /** The container's name; on docker_gwbridge `gateway_` and the short id of its sandbox. */
  readonly name: string;
  readonly network: Network;
  readonly container: Container;
  readonly address: Ipv4 | null;
  readonly mac: string;
  /** The end of the veth pair on the machine; null on host and none. */
  readonly hostDevice: string | null;
  /** Its name in the container: eth0, eth1 …; null on host and none. */
  readonly containerDevice: string | null;
}

/** An endpoint of a sandbox in which no container runs (`ingress-sbox`, `lb-my-net`). */
export interface SandboxEndpoint extends Omit<Endpoint, "container"> {
  /** The sandbox's name, which stands for the container's id in `docker network inspect`. */
  readonly sandbox: string;
}

export const BRIDGE_NAME = "com.docker.network.bridge.name";

/** A network of the engine. */
export class Network {
  readonly endpoints = new Map<Container, Endpoint>();
  /** Those of other sandboxes, by the sandbox's name. */
  readonly sandboxEndpoints = new Map<string, SandboxEndpoint>();

  constructor(
    readonly id: string,
    readonly created: GoTime,
    readonly request: NetworkRequest,
    /** Null on host and none. */
    readonly pool: AddressPool | null,
    readonly gateway: Ipv4 | null,
    /** The default bridge, host and none are the engine's own. */
    readonly predefined: boolean,
    /** What `-o` says of its bridge. */
    readonly bridge: BridgeOptions,
    /** A network of the swarm's: what makes its endpoints here. Null: a network of the engine. */
    readonly swarm: SwarmDriver | null = null,
  ) {}

  get name(): string {
    return this.request.name;
  }

  get driver(): string {
    return this.request.driver;
  }

  /** The bridge device: `docker0`, `br-` and the short id, or what the option says. */
  get device(): string {
    return this.request.options.get(BRIDGE_NAME) ?? `br-${this.id.slice(0, 12)}`;
  }

  get mtu(): number | null {
    return this.bridge.mtu;
  }

  /** True where containers get aliases, chosen addresses and the embedded DNS: everywhere but on the predefined ones. */
  get userDefined(): boolean {
    return !this.predefined;
  }

  get scope(): "local" | "swarm" {
    return this.driver === "overlay" ? "swarm" : "local";
  }

  /** Containers or other sandboxes are in it. */
  get inUse(): boolean {
    return this.endpoints.size > 0 || this.sandboxEndpoints.size > 0;
  }
}

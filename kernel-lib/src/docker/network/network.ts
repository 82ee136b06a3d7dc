import { formatCidr, formatIpv4, type Ipv4 } from "../../base/addresses.js";
import type { Container } from "../container/container.js";
import { GoMap, GoNil, GoStruct, type GoTime, type GoValue } from "../go/value.js";
import type { BridgeOptions } from "./bridge-options.js";
import type { AddressPool } from "./ipam.js";
import type { IpamRequest } from "./ipam-request.js";

/** What `docker network create` is asked for. */
export interface NetworkRequest extends IpamRequest {
  readonly name: string;
  readonly driver: "bridge" | "host" | "null";
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly options: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** A container's place in a network. */
export interface Endpoint {
  readonly id: string;
  readonly network: Network;
  readonly container: Container;
  readonly address: Ipv4 | null;
  readonly mac: string;
  /** The end of the veth pair on the machine; null on host and none. */
  readonly hostDevice: string | null;
  /** Its name in the container: eth0, eth1 …; null on host and none. */
  readonly containerDevice: string | null;
}

export const BRIDGE_NAME = "com.docker.network.bridge.name";

/** A network of the engine. */
export class Network {
  readonly endpoints = new Map<Container, Endpoint>();

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
}

/** The value that `docker network inspect` shows (types.NetworkResource). */
export function inspectNetwork(network: Network, showsDefaultGateway: boolean): GoStruct {
  const { request } = network;
  return new GoStruct("types.NetworkResource", [
    { name: "Name", value: network.name },
    { name: "ID", json: "Id", value: network.id },
    { name: "Created", value: network.created },
    { name: "Scope", value: "local" },
    { name: "Driver", value: network.driver },
    ...(showsDefaultGateway ? [{ name: "EnableIPv4", value: true }] : []),
    { name: "EnableIPv6", value: false },
    { name: "IPAM", value: inspectIpam(network, showsDefaultGateway) },
    { name: "Internal", value: request.internal },
    { name: "Attachable", value: request.attachable },
    { name: "Ingress", value: false },
    { name: "ConfigFrom", value: GoStruct.of("network.ConfigReference", { Network: "" }) },
    { name: "ConfigOnly", value: false },
    { name: "Containers", value: inspectEndpoints(network) },
    { name: "Options", value: new GoMap(request.options, "string") },
    { name: "Labels", value: new GoMap(request.labels, "string") },
  ]);
}

function inspectIpam(network: Network, showsDefaultGateway: boolean): GoStruct {
  const { pool, request } = network;
  const { auxAddresses, ipamOptions } = request;
  const gateway =
    request.gateway ??
    (network.gateway !== null &&
    (request.subnet === null || showsDefaultGateway) &&
    !(network.predefined && !showsDefaultGateway)
      ? formatIpv4(network.gateway)
      : "");
  const config =
    pool === null
      ? []
      : [
          new GoStruct("network.IPAMConfig", [
            {
              name: "Subnet",
              value: request.subnet ?? formatCidr(pool.subnet),
              omitEmpty: true,
            },
            { name: "IPRange", value: request.range ?? "", omitEmpty: true },
            { name: "Gateway", value: gateway, omitEmpty: true },
            {
              name: "AuxAddress",
              json: "AuxiliaryAddresses",
              value: auxAddresses.size === 0 ? GoNil.map : new GoMap(sorted(auxAddresses), "string"),
              omitEmpty: true,
            },
          ]),
        ];
  return GoStruct.of("network.IPAM", {
    Driver: "default",
    Options: network.predefined ? GoNil.map : new GoMap(ipamOptions, "string"),
    Config: config.length === 0 && showsDefaultGateway ? GoNil.slice : config,
  });
}

function sorted(entries: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function inspectEndpoints(network: Network): GoMap {
  const entries = [...network.endpoints.values()].map((endpoint): [string, GoValue] => [
    endpoint.container.id,
    GoStruct.of("types.EndpointResource", {
      Name: endpoint.container.name,
      EndpointID: endpoint.id,
      MacAddress: endpoint.mac,
      IPv4Address:
        endpoint.address === null ? "" : `${formatIpv4(endpoint.address)}/${network.pool!.subnet.prefix}`,
      IPv6Address: "",
    }),
  ]);
  return new GoMap(new Map(entries), "types.EndpointResource");
}

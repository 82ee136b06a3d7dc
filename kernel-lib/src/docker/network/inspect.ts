import { formatCidr, formatIpv4 } from "../../base/addresses.js";
import { GoMap, GoNil, GoStruct, type GoValue } from "../go/value.js";
import { NO_IPAM_REQUEST } from "./ipam-request.js";
import type { Network } from "./network.js";
import type { SwarmDriver } from "./swarm-networks.js";

/** The value that `docker network inspect` shows (types.NetworkResource). */
export function inspectNetwork(network: Network, showsDefaultGateway: boolean, verbose = false): GoStruct {
  const { request } = network;
  return new GoStruct("types.NetworkResource", [
    { name: "Name", value: network.name },
    { name: "ID", json: "Id", value: network.id },
    { name: "Created", value: network.created },
    { name: "Scope", value: network.scope },
    { name: "Driver", value: network.driver },
    ...(showsDefaultGateway ? [{ name: "EnableIPv4", value: true }] : []),
    { name: "EnableIPv6", value: false },
    { name: "IPAM", value: inspectIpam(network, showsDefaultGateway) },
    { name: "Internal", value: request.internal },
    { name: "Attachable", value: request.attachable },
    { name: "Ingress", value: request.ingress === true },
    { name: "ConfigFrom", value: GoStruct.of("network.ConfigReference", { Network: "" }) },
    { name: "ConfigOnly", value: false },
    { name: "Containers", value: inspectEndpoints(network) },
    { name: "Options", value: new GoMap(request.options, "string") },
    { name: "Labels", value: inspectLabels(network) },
    ...(network.swarm === null ? [] : [{ name: "Peers", value: inspectPeers(network.swarm) }]),
    ...(network.swarm === null || !verbose
      ? []
      : [{ name: "Services", value: inspectServices(network.swarm) }]),
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
    // Only the client sends an empty map.
    Options: ipamOptions === NO_IPAM_REQUEST.ipamOptions ? GoNil.map : new GoMap(ipamOptions, "string"),
    Config: config.length === 0 && showsDefaultGateway ? GoNil.slice : config,
  });
}

function sorted(entries: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A network of the swarm's that has not come to this node is shown as the managers know it: there, no labels are null. */
function elsewhere(network: Network): boolean {
  return network.scope === "swarm" && network.swarm === null;
}

function inspectLabels(network: Network): GoValue {
  const { labels } = network.request;
  return elsewhere(network) && labels.size === 0 ? GoNil.map : new GoMap(labels, "string");
}

function inspectPeers(driver: SwarmDriver): GoValue {
  return driver
    .peers()
    .map(({ name, address }) => GoStruct.of("network.PeerInfo", { Name: name, IP: formatIpv4(address) }));
}

function inspectServices(driver: SwarmDriver): GoValue {
  const services = driver.services().map(({ name, vip, ports, mark, tasks }): [string, GoValue] => [
    name,
    GoStruct.of("network.ServiceInfo", {
      VIP: vip === null ? "<nil>" : formatIpv4(vip),
      Ports: ports.map(({ targetPort, publishedPort }) => `Target: ${targetPort}, Publish: ${publishedPort}`),
      LocalLBIndex: mark,
      Tasks: tasks.map((task) =>
        GoStruct.of("network.Task", {
          Name: task.name,
          EndpointID: task.endpointId,
          EndpointIP: formatIpv4(task.address),
          Info: new GoMap(new Map([["Host IP", formatIpv4(task.host)]]), "string"),
        }),
      ),
    }),
  ]);
  return new GoMap(new Map(services), "network.ServiceInfo");
}

function inspectEndpoints(network: Network): GoValue {
  if (elsewhere(network)) return GoNil.map;
  const all = [
    ...[...network.endpoints.values()].map((endpoint) => ({ ...endpoint, key: endpoint.container.id })),
    ...[...network.sandboxEndpoints.values()].map((endpoint) => ({ ...endpoint, key: endpoint.sandbox })),
  ];
  const entries = all.map((endpoint): [string, GoValue] => [
    endpoint.key,
    GoStruct.of("types.EndpointResource", {
      Name: endpoint.name,
      EndpointID: endpoint.id,
      MacAddress: endpoint.mac,
      IPv4Address:
        endpoint.address === null ? "" : `${formatIpv4(endpoint.address)}/${network.pool!.subnet.prefix}`,
      IPv6Address: "",
    }),
  ]);
  return new GoMap(new Map(entries), "types.EndpointResource");
}

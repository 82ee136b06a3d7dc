import { ipamRequest } from "../../docker/network/ipam-request.js";
import type { NetworkRequest } from "../../docker/network/network.js";
import type { SwarmMember } from "../member.js";
import type { ComposeFile } from "./compose-file.js";
import { NAMESPACE_LABEL } from "./convert.js";
import { ComposeError } from "./interpolate.js";
import { type ComposeMap, isMapping } from "./schema.js";
import { mapping, pairsOf, text } from "./values.js";

/** A network that a stack's services are in. */
export interface StackNetwork {
  /** Its key in the file. */
  readonly key: string;
  /** Its name in the swarm. */
  readonly name: string;
  readonly external: boolean;
  readonly file: ComposeMap;
}

/** The networks that the services of a file name; `default` is there for those that name none. */
export function stackNetworks(namespace: string, file: ComposeFile): readonly StackNetwork[] {
  const used = new Set<string>();
  for (const service of file.services.values()) {
    const { networks } = service;
    const keys = Array.isArray(networks)
      ? networks.map(text)
      : networks === undefined
        ? ["default"]
        : Object.keys(mapping(networks));
    for (const key of keys) used.add(key);
  }
  return [...used].flatMap((key) => {
    const given = file.networks.get(key);
    if (given === undefined && key !== "default") return [];
    const network = given ?? {};
    const external = network.external === true || isMapping(network.external);
    const own = text(network.name) || (isMapping(network.external) ? text(network.external.name) : "");
    return [{ key, external, file: network, name: own || (external ? key : `${namespace}_${key}`) }];
  });
}

/** Throws ComposeError where a network from outside the stack is not one of the swarm's. */
export function checkExternal({ cluster, engine }: SwarmMember, { name, external }: StackNetwork): void {
  if (!external) return;
  if ([...(cluster?.store.networks.values() ?? [])].some((network) => network.name === name)) return;
  if (engine.networks.tryFind(name) !== null)
    throw new ComposeError(
      `network ${JSON.stringify(name)} is declared as external, but it is not in the right scope: "local" instead of "swarm"`,
    );
  throw new ComposeError(
    `network ${JSON.stringify(name)} is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed`,
  );
}

export function networkRequest(namespace: string, { name, file }: StackNetwork): NetworkRequest {
  const { config } = mapping(file.ipam);
  return {
    name,
    driver: (text(file.driver) || "overlay") as NetworkRequest["driver"],
    internal: file.internal === true,
    attachable: file.attachable === true,
    options: pairsOf(file.driver_opts),
    labels: new Map([...pairsOf(file.labels), [NAMESPACE_LABEL, namespace]]),
    ...ipamRequest({
      subnets: Array.isArray(config) ? config.map((item) => text(mapping(item).subnet)) : [],
      ranges: [],
      gateways: [],
      auxAddresses: new Map(),
      ipamOptions: new Map(),
    }),
  };
}

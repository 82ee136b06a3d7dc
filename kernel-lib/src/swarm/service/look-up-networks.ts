import { ClientError } from "../../docker/command/subcommand.js";
import { DockerError } from "../../docker/docker-error.js";
import type { SwarmMember } from "../member.js";
import type { NetworkAttachment } from "../model/service.js";
import type { NamedNetwork } from "./network-option.js";

/** Finds the networks that a service names: by name or id among the swarm's own. Throws DockerError. */
export function lookUpNetworks(
  member: SwarmMember,
  named: readonly NamedNetwork[],
): readonly NetworkAttachment[] {
  return named.map(({ name, aliases, driverOptions }) => ({
    target: networkId(member, name),
    aliases,
    driverOptions,
  }));
}

/** The id of a network of the swarm. */
export function networkId({ engine, cluster }: SwarmMember, name: string): string {
  const all = [...(cluster?.store.networks.values() ?? [])];
  const found =
    all.find((network) => network.id === name) ??
    all.find((network) => network.name === name) ??
    all.find((network) => name !== "" && network.id.startsWith(name));
  if (found !== undefined) return found.id;
  if (name === "host" || name === "bridge")
    throw new ClientError(`docker service: network ${name} is not supported here`);
  if (engine.version.messages === "28")
    throw new DockerError(`network ${name} not found`, "notFound", "network");
  throw new ClientError(`Error: No such network: ${name}`);
}

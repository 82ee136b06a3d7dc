import { parseIpv4, tryParseIpv4 } from "../../base/addresses.js";
import type { Engine } from "../../docker/engine.js";
import type { Host } from "../../host/host.js";
import type { Netns } from "../../stack/netns.js";
import { shortName } from "../../trace/place-name.js";

/** Who answers: a container of a machine, or whoever says so in the answer's text. */
export interface Replica {
  /** `helloworld.1`; of a server that is no container, the first line of its answer. */
  readonly name: string;
  /** The machine that it runs on; null where that is not known. */
  readonly machine: string | null;
}

/** A machine of the lab with its engine, if it has one. */
export interface Site {
  readonly host: Host;
  readonly engine: Engine | null;
}

/** Who answered, with the container's id where it is one. */
export interface FoundReplica extends Replica {
  readonly containerId: string | null;
}

/** Finds the container whose host name is in an answer's text, or else the machine. */
export function replicaOf(sites: readonly Site[], text: string): FoundReplica {
  const words = new Set(text.split(/[^\w.-]+/));
  for (const { host, engine } of sites)
    for (const container of engine?.containers.list() ?? [])
      if (words.has(container.hostname))
        return { name: shortName(container.name), machine: host.name, containerId: container.id };
  for (const { host } of sites)
    if (words.has(host.name)) return { name: host.name, machine: host.name, containerId: null };
  const lines = text.replace(/<[^>]*>/g, "").split("\n");
  const stripped = lines.map((line) => line.trim()).find((line) => line !== "") ?? "";
  return {
    name: stripped === "" ? "(empty answer)" : stripped.slice(0, 60),
    machine: null,
    containerId: null,
  };
}

/** The name of the container that has the namespace; null when none has. */
export function containerNameOf({ engine }: Site, netns: Netns): string | null {
  return engine?.containers.list().find(({ sandbox }) => sandbox?.netns === netns)?.name ?? null;
}

/** The machine that has the address on one of its devices; null for another address, and for a name. */
export function machineOfAddress(sites: readonly Site[], text: string): string | null {
  if (tryParseIpv4(text) === null) return null;
  const address = parseIpv4(text);
  const has = ({ host }: Site) =>
    [...host.rootNetns.devices.values()].some((device) =>
      device.addresses.some((own) => own.address === address),
    );
  return sites.find(has)?.host.name ?? null;
}

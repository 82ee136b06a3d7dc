import { splitOnce } from "../../docker/command/flags.js";
import { pairs } from "../../docker/command/run-options.js";
import { ClientError } from "../../docker/command/subcommand.js";
import type { SwarmMember } from "../member.js";
import type { ContainerSpec, NetworkAttachment, ServicePort, ServiceSpec } from "../model/service.js";
import {
  capabilities,
  checkLabel,
  parseDomain,
  parseHost,
  parsePreference,
  parseServer,
  readResources,
  readRestart,
  readUpdate,
} from "./create-spec.js";
import { type FlagValues, parseEnvironment } from "./flag-values.js";
import { lookUpNetworks, networkId } from "./look-up-networks.js";
import { parseMount } from "./mount-option.js";
import { parseNetworkOption } from "./network-option.js";
import { parsePublish } from "./publish.js";
import { splitWords } from "./words.js";

const asIs = (text: string) => text;

/** What `docker service update` makes of a spec (updateService in docker/cli). Throws ClientError, FlagError and DockerError. */
export function updateSpec(member: SwarmMember, values: FlagValues, before: ServiceSpec): ServiceSpec {
  return {
    ...before,
    labels: updateMap(values, "label", before.labels),
    container: updateContainer(values, before.container),
    limits: readResources(values, "limit", before.limits),
    reservations: readResources(values, "reserve", before.reservations),
    restart: readRestart(values, before.restart),
    constraints: sortedIf(values, "constraint", updateList(values, "constraint", before.constraints, asIs)),
    preferences: updateList(values, "placement-pref", before.preferences, parsePreference),
    maxReplicas: values.uint("replicas-max-per-node", before.maxReplicas),
    networks: updateNetworks(member, values, before.networks),
    mode: updateMode(values, before.mode),
    update: readUpdate(values, "update", before.update),
    rollback: readUpdate(values, "rollback", before.rollback),
    endpointMode: values.text("endpoint-mode", before.endpointMode) as ServiceSpec["endpointMode"],
    ports: updatePorts(values, before.ports),
    forceUpdate: before.forceUpdate + (values.bool("force", false) ? 1 : 0),
  };
}

function updateMode(values: FlagValues, before: ServiceSpec["mode"]): ServiceSpec["mode"] {
  if (!values.has("replicas")) return before;
  if (before.kind !== "replicated") throw new ClientError("replicas can only be used with replicated mode");
  return { kind: "replicated", replicas: values.uint("replicas", before.replicas) };
}

function updateContainer(values: FlagValues, before: ContainerSpec): ContainerSpec {
  return {
    ...before,
    image: values.text("image", before.image),
    command: values.read("entrypoint", splitWords, before.command),
    args: values.read("args", splitWords, before.args),
    hostname: values.text("hostname", before.hostname),
    env: updateEnvironment(values, before.env),
    workingDirectory: values.text("workdir", before.workingDirectory),
    user: values.text("user", before.user),
    labels: updateMap(values, "container-label", before.labels),
    hosts: updateHosts(values, before.hosts),
    dns: sortedIf(values, "dns", updateList(values, "dns", before.dns, parseServer)),
    dnsSearch: sortedIf(
      values,
      "dns-search",
      updateList(values, "dns-search", before.dnsSearch, parseDomain),
    ),
    dnsOptions: sortedIf(values, "dns-option", updateList(values, "dns-option", before.dnsOptions, asIs)),
    sysctls: updateMap(values, "sysctl", before.sysctls),
    capAdd: addedCapabilities(values, "cap-add", before.capAdd),
    capDrop: addedCapabilities(values, "cap-drop", before.capDrop),
    stopSignal: values.text("stop-signal", before.stopSignal),
    stopGracePeriod: values.duration("stop-grace-period", before.stopGracePeriod),
    tty: values.bool("tty", before.tty),
    init: values.bool("init", before.init),
    mounts: [
      ...before.mounts.filter(({ target }) => !removed(values, "mount").has(target)),
      ...values.all("mount-add", parseMount),
    ],
  };
}

function addedCapabilities(values: FlagValues, name: string, before: readonly string[]): readonly string[] {
  if (!values.has(name)) return before;
  return [...new Set([...before, ...capabilities(values.all(name, asIs))])].sort();
}

function removed(values: FlagValues, what: string): ReadonlySet<string> {
  return new Set(values.all(`${what}-rm`, asIs));
}

/** `--WHAT-add` behind what is there, without what `--WHAT-rm` names. */
function updateList<T extends string>(
  values: FlagValues,
  what: string,
  before: readonly T[],
  read: (text: string) => T,
): readonly T[] {
  const gone = new Set(values.all(`${what}-rm`, read));
  const added = values.all(`${what}-add`, read).filter((text) => !before.includes(text));
  return [...before, ...added].filter((text) => !gone.has(text));
}

function sortedIf(values: FlagValues, what: string, list: readonly string[]): readonly string[] {
  return values.has(`${what}-add`) || values.has(`${what}-rm`) ? [...list].sort() : list;
}

function updateMap(
  values: FlagValues,
  what: string,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const after = new Map([...before, ...pairs(values.all(`${what}-add`, checkLabel))]);
  for (const key of removed(values, what)) after.delete(key);
  return after;
}

function updateEnvironment(values: FlagValues, before: readonly string[]): readonly string[] {
  const nameOf = (text: string) => splitOnce(text, "=")[0];
  const gone = removed(values, "env");
  const after = new Map(before.filter((text) => !gone.has(nameOf(text))).map((text) => [nameOf(text), text]));
  for (const text of values.all("env-add", parseEnvironment)) after.set(nameOf(text), text);
  return [...after.values()];
}

function updateHosts(values: FlagValues, before: readonly string[]): readonly string[] {
  const gone = values.all("host-rm", (text) => splitOnce(text, ":"));
  const isGone = (entry: string) => {
    const [address, name] = entry.split(" ");
    return gone.some(([host, ip]) => host === name && (ip === null || ip === address));
  };
  const added = values.all("host-add", parseHost).filter((entry) => !before.includes(entry));
  return [...before.filter((entry) => !isGone(entry)), ...added];
}

function updatePorts(values: FlagValues, before: readonly ServicePort[]): readonly ServicePort[] {
  if (!values.has("publish-add") && !values.has("publish-rm")) return before;
  const key = (port: ServicePort) => `${port.publishedPort}:${port.targetPort}/${port.protocol}/${port.mode}`;
  const gone = values.all("publish-rm", parsePublish).flat();
  const known = new Set(before.map(key));
  const kept = before.filter(
    (port) =>
      !gone.some(
        ({ protocol, targetPort, mode }) =>
          protocol === port.protocol && targetPort === port.targetPort && mode === port.mode,
      ),
  );
  const added = values
    .all("publish-add", parsePublish)
    .flat()
    .filter((port) => !known.has(key(port)));
  return [...kept, ...added].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function updateNetworks(
  member: SwarmMember,
  values: FlagValues,
  before: readonly NetworkAttachment[],
): readonly NetworkAttachment[] {
  if (!values.has("network-add") && !values.has("network-rm")) return before;
  const gone = new Set(values.all("network-rm", (name) => networkId(member, name)));
  const kept = before.filter(({ target }) => !gone.has(target));
  const added: NetworkAttachment[] = [];
  for (const named of values.all("network-add", parseNetworkOption)) {
    const [attachment] = lookUpNetworks(member, [named]);
    if (gone.has(attachment!.target)) continue;
    if (before.some(({ target }) => target === attachment!.target))
      throw new ClientError(`service is already attached to network ${named.name}`);
    added.push(attachment!);
  }
  return [...kept, ...added].sort((a, b) => (a.target < b.target ? -1 : 1));
}

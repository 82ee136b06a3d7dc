import { tryParseIpv4 } from "../../base/addresses.js";
import type { Steps } from "../../host/process.js";
import type { Container } from "../container/container.js";
import { endpointRequest } from "../container/containers.js";
import { addHostsLine, removeHostsLines, useEmbeddedDns } from "../container/etc.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { timeOf } from "../go/time.js";
import { attach, attachedRequest } from "../network/attach.js";
import type { Network } from "../network/network.js";
import { placeOfProcess } from "../network/place.js";
import { movePorts } from "../network/publish.js";
import { checkEndpoint, followGateway, join, leave } from "../network/sandbox.js";
import { endpointNames } from "../resolver/names.js";
import { filtersOf } from "./ps.js";
import { type Call, ClientError, daemonSays, type Subcommand } from "./subcommand.js";
import { NETWORK_CONNECT, NETWORK_DISCONNECT, NETWORK_PRUNE, NETWORK_RM } from "./usage/network.js";

/** `docker network rm`. */
export const networkRemove: Subcommand = {
  names: ["network rm", "network remove"],
  help: NETWORK_RM,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    let status = 0;
    for (const word of call.words) {
      try {
        if (yield* removeNetwork(call, word)) call.stdout.write(`${word}\n`);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        const older = error.kind === "notFound" && call.engine.version.messages !== "28";
        call.stderr.write(older ? `Error: No such network: ${word}\n` : `${daemonSays(error)}\n`);
        status = 1;
      }
    }
    return status;
  },
};

/** False: the user has thought better of it. */
function* removeNetwork(call: Call, word: string): Steps<boolean> {
  const { engine } = call;
  const network = engine.networks.tryFind(word);
  if (network?.request.ingress === true && !confirmed(call)) return false;
  if (network !== null) yield* engine.exclusively(engine.networks.remove(network));
  else if (!call.flags.bool("force")) throw new DockerError(`network ${word} not found`, "notFound");
  return true;
}

/** The client asks before it lets the routing mesh's network go. */
function confirmed({ process, stdout }: Call): boolean {
  stdout.write(INGRESS_WARNING);
  return /^y/i.test(process.stdin);
}

const INGRESS_WARNING =
  "WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the same docker engine version. Otherwise, removal may not be effective and functionality of newly create ingress networks will be impaired.\nAre you sure you want to continue? [y/N] ";

/** `docker network connect`. */
export const networkConnect: Subcommand = {
  names: ["network connect"],
  help: NETWORK_CONNECT,
  minimum: 2,
  maximum: 2,
  *run(call) {
    for (const name of ["driver-opt", "ip6", "link", "link-local-ip", "gw-priority"])
      if (call.flags.has(name))
        throw new ClientError(`docker network connect: option --${name} is not supported here`);
    yield* call.engine.exclusively(connect(call));
    return 0;
  },
};

function* connect(call: Call): Steps<void> {
  const { engine, flags, words } = call;
  const container = engine.containers.find(words[1]!);
  const network = engine.networks.tryFind(words[0]!) ?? (yield* reached(engine, container, words[0]!));
  const address = flags.value("ip");
  if (address !== null && tryParseIpv4(address) === null)
    throw new DockerError(`Invalid IPv4 address: ${address})`, "invalid");
  const given = { address, aliases: flags.values("alias") };
  checkConnect(network, [...container.networks.keys()], container.request.networkMode);
  if (container.networks.has(network.name) && container.running)
    throw new DockerError(
      `endpoint with name ${container.name} already exists in network ${network.name}`,
      "forbidden",
    );
  if (network.predefined && (address !== null || given.aliases.length > 0))
    throw new DockerError(
      address !== null
        ? "user specified IP address is supported on user defined networks only"
        : "network-scoped alias is supported only for containers in user defined networks",
      "invalid",
    );
  if (container.running) yield* attach(engine, container, network.name, given);
  checkEndpoint(network, given);
  const request = { ...endpointRequest(container, network, given), connected: true };
  if (container.sandbox !== null) {
    const before = container.resolver;
    container.networks.set(network.name, request);
    try {
      // A network of the swarm's has come to this machine only now.
      const here = engine.networks.find(network.name);
      const asked = attachedRequest(container, network.name, request);
      yield* join(engine, container, here, container.sandbox.process, asked);
    } catch (error) {
      container.networks.delete(network.name);
      throw error;
    }
    const endpoint = container.endpoints.get(engine.networks.find(network.name));
    if (endpoint !== undefined) addHostsLine(container, endpoint);
    if (before === null && container.resolver !== null) useEmbeddedDns(container);
    yield* movePorts(engine, container);
  }
  container.networks.set(network.name, request);
}

/** A worker knows a network of the swarm's only once it has it. */
function* reached(engine: Engine, container: Container, name: string): Steps<Network> {
  if (container.running) yield* attach(engine, container, name, { address: null, aliases: [] });
  return engine.networks.find(name);
}

function checkConnect(network: Network, joined: readonly string[], mode: string): void {
  if (network.driver === "host" || mode === "host")
    throw new DockerError(
      "container cannot be disconnected from host network or connected to host network",
      "forbidden",
    );
  if (mode.startsWith("container:"))
    throw new DockerError(
      "container sharing network namespace with another container or host cannot be connected to any other network",
      "forbidden",
    );
  if (joined.length > 0 && (network.driver === "null" || joined.includes("none")))
    throw new DockerError(
      "container cannot be connected to multiple networks with one of the networks in private (none) mode",
      "forbidden",
    );
}

/** `docker network disconnect`. */
export const networkDisconnect: Subcommand = {
  names: ["network disconnect"],
  help: NETWORK_DISCONNECT,
  minimum: 2,
  maximum: 2,
  *run(call) {
    yield* call.engine.exclusively(disconnect(call));
    return 0;
  },
};

function* disconnect(call: Call): Steps<void> {
  const { engine, words } = call;
  const network = engine.networks.find(words[0]!);
  const container = engine.containers.find(words[1]!);
  if (network.driver === "host" && container.running)
    throw new DockerError(
      "container cannot be disconnected from host network or connected to host network",
      "forbidden",
    );
  const endpoint = container.endpoints.get(network);
  if (!container.networks.has(network.name)) {
    const which = container.running ? network.name : `the network ${network.name}`;
    throw new DockerError(
      `container ${container.id} is not connected to ${container.running ? "network " : ""}${which}`,
      "forbidden",
    );
  }
  if (endpoint !== undefined && container.sandbox !== null) {
    const names = [...network.endpoints.values()].flatMap((each) => endpointNames(engine, each));
    yield* leave(engine, endpoint);
    yield* followGateway(engine, container, placeOfProcess(container.sandbox.process.pid));
    removeHostsLines(container, names);
    yield* movePorts(engine, container);
  }
  container.networks.delete(network.name);
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Seconds of a Go duration: `24h`, `1h30m`. */
function durationOf(text: string): number {
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text))
    throw new ClientError(`docker network prune: filter until=${text} is not supported here, only durations`);
  return [...text.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!,
    0,
  );
}

/** Whether the filters of `prune` let a network go: `label`, `label!` (has not) and `until` (a time ago, as `24h`). */
function passes(
  { request, created }: Network,
  filters: ReadonlyMap<string, readonly string[]>,
  now: number,
): boolean {
  const has = (text: string) =>
    [...request.labels].some(([key, value]) => text === key || text === `${key}=${value}`);
  const [until] = filters.get("until") ?? [];
  return (
    (filters.get("label") ?? []).every(has) &&
    !(filters.get("label!") ?? []).some(has) &&
    (until === undefined || created.seconds <= now - durationOf(until))
  );
}

/** The swarm's networks that nothing uses go as well; that one is in use only its removal tells. */
function* pruneSwarm(engine: Engine, passes: (network: Network) => boolean): Steps<Network[]> {
  const gone: Network[] = [];
  const asked = engine.networks
    .list()
    .filter((network) => network.scope === "swarm" && !network.request.ingress && passes(network));
  for (const network of asked) {
    try {
      yield* engine.exclusively(engine.networks.remove(network));
      gone.push(network);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
    }
  }
  return gone;
}

/** `docker network prune`. */
export const networkPrune: Subcommand = {
  names: ["network prune"],
  help: NETWORK_PRUNE,
  minimum: 0,
  maximum: 0,
  *run(call) {
    const { engine, stdout } = call;
    const filters = filtersOf(call, ["label", "label!", "until"]);
    const now = timeOf(engine.host.world.scheduler.now).seconds;
    if (!call.flags.bool("force")) {
      stdout.write(
        "WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue? [y/N] ",
      );
      if (!/^y/i.test(call.process.stdin)) return 0;
    }
    // A network to which only stopped containers belong is unused.
    const unused = engine.networks
      .list()
      .filter(
        (network) =>
          network.scope === "local" && !network.predefined && !network.inUse && passes(network, filters, now),
      );
    for (const network of unused) yield* engine.exclusively(engine.networks.remove(network));
    unused.push(...(yield* pruneSwarm(engine, (network) => passes(network, filters, now))));
    if (unused.length > 0)
      stdout.write(`Deleted Networks:\n${unused.map(({ name }) => `${name}\n`).join("")}\n`);
    return 0;
  },
};

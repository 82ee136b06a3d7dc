import { tryParseIpv4 } from "../../base/addresses.js";
import { splitOnce } from "../../docker/command/flags.js";
import { pairs } from "../../docker/command/run-options.js";
import { ClientError } from "../../docker/command/subcommand.js";
import { GoSyntaxError } from "../../docker/go/duration.js";
import type { ContainerSpec, Resources, RestartPolicy, ServiceSpec, UpdateConfig } from "../model/service.js";
import { DEFAULT_RESTART, DEFAULT_UPDATE, plainService } from "./defaults.js";
import { type FlagValues, parseCpus, parseEnvironment, parseMemory } from "./flag-values.js";
import { parseMount } from "./mount-option.js";
import { type NamedNetwork, parseNetworkOption } from "./network-option.js";
import { parsePublish } from "./publish.js";
import { splitWords } from "./words.js";

/** What `docker service create` asks for; its networks have yet to be looked up. */
export interface WantedService {
  readonly spec: ServiceSpec;
  readonly networks: readonly NamedNetwork[];
}

/** How the values of a service's flags are read, by the type that the help text names. */
export const FLAG_READERS = {
  bytes: parseMemory,
  decimal: parseCpus,
  mount: parseMount,
  network: parseNetworkOption,
  port: parsePublish,
  pref: parsePreference,
};

/** Reads the options of `docker service create` (serviceOptions.ToService). Throws ClientError and FlagError. */
export function createSpec(values: FlagValues, image: string, args: readonly string[]): WantedService {
  values.check(FLAG_READERS);
  const plain = plainService(values.text("name", ""), image);
  const networks = values.all("network", parseNetworkOption);
  const limits = readResources(values, "limit", plain.limits);
  const spec: ServiceSpec = {
    ...plain,
    labels: pairs(values.all("label", checkLabel)),
    container: readContainer(values, { ...plain.container, args }),
    limits,
    reservations: readResources(values, "reserve", plain.reservations),
    restart: readRestart(values, DEFAULT_RESTART),
    constraints: values.all("constraint", (text) => text),
    preferences: values.all("placement-pref", parsePreference),
    maxReplicas: values.uint("replicas-max-per-node", 0),
    update: readUpdate(values, "update", DEFAULT_UPDATE),
    rollback: readUpdate(values, "rollback", DEFAULT_UPDATE),
    endpointMode: values.text("endpoint-mode", "vip").toLowerCase() as ServiceSpec["endpointMode"],
    ports: values.all("publish", parsePublish).flat(),
    mode: readMode(values),
  };
  return { spec, networks };
}

function readMode(values: FlagValues): ServiceSpec["mode"] {
  const mode = values.text("mode", "replicated");
  const replicas = values.uint("replicas", 1);
  if (mode === "replicated") return { kind: "replicated", replicas };
  if (mode === "replicated-job" || mode === "global-job")
    throw new ClientError(`docker service create: mode ${mode} is not supported here`);
  if (mode !== "global") throw new ClientError(`Unknown mode: ${mode}, only replicated and global supported`);
  if (values.has("replicas"))
    throw new ClientError("replicas can only be used with replicated or replicated-job mode");
  if (values.has("replicas-max-per-node"))
    throw new ClientError("replicas-max-per-node can only be used with replicated or replicated-job mode");
  return { kind: "global" };
}

function readContainer(values: FlagValues, plain: ContainerSpec): ContainerSpec {
  return {
    ...plain,
    command: values.read("entrypoint", splitWords, []),
    hostname: values.text("hostname", ""),
    env: values.all("env", parseEnvironment),
    workingDirectory: values.text("workdir", ""),
    user: values.text("user", ""),
    labels: pairs(values.all("container-label", checkLabel)),
    hosts: values.all("host", parseHost),
    dns: values.all("dns", parseServer),
    dnsSearch: values.all("dns-search", parseDomain),
    dnsOptions: values.all("dns-option", (text) => text),
    sysctls: pairs(values.all("sysctl", checkLabel)),
    capAdd: capabilities(values.all("cap-add", (text) => text)),
    capDrop: capabilities(values.all("cap-drop", (text) => text)),
    stopSignal: values.text("stop-signal", ""),
    stopGracePeriod: values.duration("stop-grace-period", plain.stopGracePeriod),
    tty: values.bool("tty", false),
    init: values.bool("init", false),
    mounts: values.all("mount", parseMount),
  };
}

/** `net_admin` is `CAP_NET_ADMIN`. */
export function capabilities(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const upper = name.toUpperCase();
    return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  });
}

export function readResources(values: FlagValues, prefix: "limit" | "reserve", before: Resources): Resources {
  return {
    nanoCpus: values.read(`${prefix}-cpu`, parseCpus, before.nanoCpus),
    memoryBytes: values.read(`${prefix}-memory`, parseMemory, before.memoryBytes),
  };
}

export function readRestart(values: FlagValues, before: RestartPolicy): RestartPolicy {
  return {
    condition: values.text("restart-condition", before.condition) as RestartPolicy["condition"],
    delay: values.duration("restart-delay", before.delay),
    maxAttempts: values.uint("restart-max-attempts", before.maxAttempts),
    window: values.duration("restart-window", before.window),
  };
}

export function readUpdate(
  values: FlagValues,
  prefix: "update" | "rollback",
  before: UpdateConfig,
): UpdateConfig {
  return {
    parallelism: values.uint(`${prefix}-parallelism`, before.parallelism),
    delay: values.duration(`${prefix}-delay`, before.delay),
    monitor: values.duration(`${prefix}-monitor`, before.monitor),
    failureAction: values.text(
      `${prefix}-failure-action`,
      before.failureAction,
    ) as UpdateConfig["failureAction"],
    maxFailureRatio: values.float(`${prefix}-max-failure-ratio`, before.maxFailureRatio),
    order: values.text(`${prefix}-order`, before.order).toLowerCase() as UpdateConfig["order"],
  };
}

/** `spread=node.labels.zone`: the label (placementPrefOpts.Set). */
export function parsePreference(text: string): string {
  const [strategy, label] = splitOnce(text, "=");
  if (label === null)
    throw new GoSyntaxError('placement preference must be of the format "<strategy>=<arg>"');
  if (strategy !== "spread")
    throw new GoSyntaxError(`unsupported placement preference ${strategy} (only spread is supported)`);
  return label;
}

export function checkLabel(text: string): string {
  if (splitOnce(text, "=")[0] === "") throw new GoSyntaxError(`invalid label '${text}': empty name`);
  return text;
}

/** `name:address` as the API has it: `address name`. */
export function parseHost(text: string): string {
  const [name, address] = splitOnce(text, ":");
  if (address === null || name === "")
    throw new GoSyntaxError(`bad format for add-host: ${JSON.stringify(text)}`);
  if (tryParseIpv4(address) === null)
    throw new GoSyntaxError(`invalid IP address in add-host: ${JSON.stringify(address)}`);
  return `${address} ${name}`;
}

export function parseServer(text: string): string {
  if (tryParseIpv4(text) === null) throw new GoSyntaxError(`${text} is not an ip address`);
  return text;
}

export function parseDomain(text: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(text)) throw new GoSyntaxError(`${text} is not a valid domain`);
  return text.replace(/^\.$/, "");
}

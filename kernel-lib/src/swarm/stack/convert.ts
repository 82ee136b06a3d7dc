import type { ServicePort, ServiceSpec, SpecPart, UpdateConfig } from "../model/service.js";
import { DEFAULT_RESTART, DEFAULT_UPDATE, plainService } from "../service/defaults.js";
import { parseCpus, parseMemory } from "../service/flag-values.js";
import type { NamedNetwork } from "../service/network-option.js";
import { parsePublish } from "../service/publish.js";
import { ComposeError } from "./interpolate.js";
import { type ComposeMap, isMapping } from "./schema.js";
import { duration, environmentOf, mapping, pairsOf, text, texts, words } from "./values.js";

/** The label by which a stack's services and networks are known. */
export const NAMESPACE_LABEL = "com.docker.stack.namespace";
const IMAGE_LABEL = "com.docker.stack.image";

/** Keys of a service that Docker takes and the lab has no model for. */
const UNSUPPORTED =
  "configs credential_spec env_file healthcheck isolation logging read_only secrets tmpfs ulimits".split(" ");

/** A service of a stack; the names of its networks are the swarm's, yet to be looked up. */
export interface StackService {
  readonly spec: ServiceSpec;
  readonly networks: readonly NamedNetwork[];
}

/** Writes the services of a Compose file as the swarm's (convert.Services). Throws ComposeError. */
export class Converter {
  constructor(
    private readonly namespace: string,
    /** The names in the swarm of the file's networks, and of volumes. */
    private readonly networkNames: ReadonlyMap<string, string>,
    private readonly volumes: ReadonlyMap<string, ComposeMap>,
    private readonly env: ReadonlyMap<string, string>,
  ) {}

  service(name: string, file: ComposeMap): StackService {
    for (const key of UNSUPPORTED)
      if (key in file) throw new ComposeError(`service ${name}: option ${key} is not supported here`);
    const deploy = mapping(file.deploy);
    const image = text(file.image);
    const plain = plainService(`${this.namespace}_${name}`, image);
    const placement = mapping(deploy.placement);
    const spec: ServiceSpec = {
      ...plain,
      labels: new Map([...pairsOf(deploy.labels), [IMAGE_LABEL, image], [NAMESPACE_LABEL, this.namespace]]),
      container: this.container(name, plain.container, file),
      ...this.resources(mapping(deploy.resources)),
      restart: restartOf(deploy, file),
      constraints: texts(placement.constraints),
      preferences: preferencesOf(placement.preferences),
      maxReplicas: Number(placement.max_replicas_per_node ?? 0),
      mode: modeOf(deploy),
      update: updateOf(deploy.update_config),
      rollback: updateOf(deploy.rollback_config),
      endpointMode: (text(deploy.endpoint_mode) || "vip") as ServiceSpec["endpointMode"],
      ports: portsOf(file.ports),
      omits: omittedParts(deploy, file),
    };
    return { spec, networks: this.networks(name, file.networks) };
  }

  private container(
    name: string,
    plain: ServiceSpec["container"],
    file: ComposeMap,
  ): ServiceSpec["container"] {
    return {
      ...plain,
      command: words(file.entrypoint),
      args: words(file.command),
      hostname: text(file.hostname),
      env: environmentOf(file.environment, this.env),
      workingDirectory: text(file.working_dir),
      user: text(file.user),
      labels: new Map([...pairsOf(file.labels), [NAMESPACE_LABEL, this.namespace]]),
      hosts: hostsOf(file.extra_hosts),
      dns: texts(file.dns),
      dnsSearch: texts(file.dns_search),
      sysctls: pairsOf(file.sysctls),
      stopSignal: text(file.stop_signal),
      stopGracePeriod: duration(file.stop_grace_period, plain.stopGracePeriod),
      tty: file.tty === true,
      init: file.init === true,
      mounts: (Array.isArray(file.volumes) ? file.volumes : []).map((volume) => this.mount(name, volume)),
    };
  }

  private mount(service: string, volume: unknown): ServiceSpec["container"]["mounts"][number] {
    if (isMapping(volume)) {
      const type = text(volume.type) || "volume";
      if (type !== "bind" && type !== "volume" && type !== "tmpfs")
        throw new ComposeError(`service ${service}: volumes of type ${type} are not supported here`);
      const source = text(volume.source);
      return {
        type,
        source: type === "volume" ? this.volumeName(source) : source,
        target: text(volume.target),
        readOnly: volume.read_only === true,
      };
    }
    const [first = "", second, mode = ""] = text(volume).split(":");
    const readOnly = mode.split(",").includes("ro");
    if (second === undefined) return { type: "volume", source: "", target: first, readOnly };
    if (/^[./~]/.test(first)) return { type: "bind", source: this.absolute(first), target: second, readOnly };
    return { type: "volume", source: this.volumeName(first), target: second, readOnly };
  }

  private absolute(path: string): string {
    if (path.startsWith("/")) return path;
    if (path.startsWith("~")) return `${this.env.get("HOME") ?? "/root"}${path.slice(1)}`;
    return `${this.env.get("PWD") ?? "/root"}/${path}`.replaceAll("/./", "/");
  }

  private volumeName(name: string): string {
    if (name === "") return "";
    const volume = this.volumes.get(name);
    if (volume === undefined) throw new ComposeError(`undefined volume ${JSON.stringify(name)}`);
    return text(volume.name) || (volume.external === true ? name : `${this.namespace}_${name}`);
  }

  private resources(resources: ComposeMap): Pick<ServiceSpec, "limits" | "reservations"> {
    const read = (part: ComposeMap) => ({
      nanoCpus: part.cpus === undefined ? 0 : parseCpus(text(part.cpus)),
      memoryBytes: part.memory === undefined ? 0 : parseMemory(text(part.memory)),
    });
    return { limits: read(mapping(resources.limits)), reservations: read(mapping(resources.reservations)) };
  }

  private networks(service: string, value: unknown): readonly NamedNetwork[] {
    const wanted = Array.isArray(value)
      ? value.map((name) => [text(name), {}] as const)
      : value === undefined
        ? [["default", {}] as const]
        : Object.entries(mapping(value)).map(([name, options]) => [name, mapping(options)] as const);
    return wanted
      .map(([name, options]) => {
        const known = this.networkNames.get(name);
        if (known === undefined) throw new ComposeError(`undefined network ${JSON.stringify(name)}`);
        return {
          name: known,
          aliases: [...texts((options as ComposeMap).aliases), service],
          driverOptions: new Map<string, string>(),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function hostsOf(value: unknown): readonly string[] {
  const entries = Array.isArray(value)
    ? value.map((item) => text(item).split(/:(.*)/s).slice(0, 2))
    : Object.entries(mapping(value)).map(([name, address]) => [name, text(address)]);
  return entries.map(([name, address]) => `${address} ${name}`);
}

function preferencesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((item) => text(mapping(item).spread)) : [];
}

function modeOf({ mode = "replicated", replicas }: ComposeMap): ServiceSpec["mode"] {
  if (mode === "global") {
    if (replicas !== undefined) throw new ComposeError("replicas can only be used with replicated mode");
    return { kind: "global" };
  }
  if (mode !== "replicated") throw new ComposeError(`Unknown mode: ${text(mode)}`);
  if (Number(replicas ?? 1) < 0)
    throw new ComposeError(
      `1 error(s) decoding:\n\n* cannot parse 'Deploy.Replicas', ${text(replicas)} overflows uint`,
    );
  return { kind: "replicated", replicas: Number(replicas ?? 1) };
}

function restartOf({ restart_policy }: ComposeMap, { restart }: ComposeMap): ServiceSpec["restart"] {
  const policy = mapping(restart_policy);
  const byName = restart_policy === undefined && restart === "no" ? "none" : DEFAULT_RESTART.condition;
  return {
    condition: (text(policy.condition) || byName) as ServiceSpec["restart"]["condition"],
    delay: duration(policy.delay, DEFAULT_RESTART.delay),
    maxAttempts: Number(policy.max_attempts ?? 0),
    window: duration(policy.window, 0),
  };
}

function updateOf(value: unknown): UpdateConfig {
  const config = mapping(value);
  return {
    parallelism: Number(config.parallelism ?? DEFAULT_UPDATE.parallelism),
    delay: duration(config.delay, 0),
    failureAction: (text(config.failure_action) ||
      DEFAULT_UPDATE.failureAction) as UpdateConfig["failureAction"],
    monitor: duration(config.monitor, DEFAULT_UPDATE.monitor),
    maxFailureRatio: Number(config.max_failure_ratio ?? 0),
    order: (text(config.order) || DEFAULT_UPDATE.order) as UpdateConfig["order"],
  };
}

function portsOf(value: unknown): readonly ServicePort[] {
  const ports = Array.isArray(value) ? value.flatMap(portOf) : [];
  return [...ports].sort((a, b) => a.publishedPort - b.publishedPort);
}

function portOf(value: unknown): readonly ServicePort[] {
  if (!isMapping(value)) return parsePublish(text(value));
  return [
    {
      name: "",
      protocol: (text(value.protocol) || "tcp") as ServicePort["protocol"],
      targetPort: Number(value.target ?? 0),
      publishedPort: Number(value.published ?? 0),
      mode: (text(value.mode) || "ingress") as ServicePort["mode"],
    },
  ];
}

function omittedParts(deploy: ComposeMap, file: ComposeMap): ReadonlySet<SpecPart> {
  const said: Readonly<Record<SpecPart, boolean>> = {
    restart: deploy.restart_policy !== undefined,
    update: deploy.update_config !== undefined,
    rollback: deploy.rollback_config !== undefined,
    resources: false,
    init: false,
    stopGracePeriod: file.stop_grace_period !== undefined,
    dns: false,
  };
  return new Set((Object.keys(said) as SpecPart[]).filter((part) => !said[part]));
}

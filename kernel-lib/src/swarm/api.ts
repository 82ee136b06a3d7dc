import type { Nanoseconds } from "../base/units.js";
import { DockerApi } from "../docker/api.js";
import type { CommandResult } from "../host/command-result.js";

/** How a service's tasks are started anew; durations in nanoseconds: `seconds(5)`. */
export interface RestartOptions {
  readonly condition?: "none" | "on-failure" | "any";
  readonly delay?: Nanoseconds;
  readonly maxAttempts?: number;
  readonly window?: Nanoseconds;
}

/** How a service changes, or goes back. */
export interface UpdateOptions {
  readonly parallelism?: number;
  readonly delay?: Nanoseconds;
  readonly order?: "stop-first" | "start-first";
  readonly failureAction?: "pause" | "continue" | "rollback";
  readonly monitor?: Nanoseconds;
  readonly maxFailureRatio?: number;
}

export interface ResourceOptions {
  /** CPUs: 0.5 is half of one. */
  readonly cpu?: number;
  /** `64m`. */
  readonly memory?: string;
}

/** What `docker service create` and `docker service update` both take, under the names of their options. */
interface CommonOptions {
  readonly replicas?: number;
  readonly restart?: RestartOptions;
  readonly update?: UpdateOptions;
  readonly rollback?: UpdateOptions;
  readonly limit?: ResourceOptions;
  readonly reserve?: ResourceOptions;
  readonly replicasMaxPerNode?: number;
  readonly stopGracePeriod?: Nanoseconds;
  readonly hostname?: string;
  readonly endpointMode?: "vip" | "dnsrr";
  /** Come back at once instead of waiting until the tasks run. Default: what the release does (releases before 17.10 never wait). */
  readonly detach?: boolean;
}

export interface ServiceOptions extends CommonOptions {
  readonly image: string;
  readonly command?: readonly string[];
  readonly mode?: "replicated" | "global";
  /** `80:8000`, `published=80,target=8000,mode=host`. */
  readonly publish?: readonly string[];
  readonly network?: string | readonly string[];
  /** `node.role==worker`. */
  readonly constraint?: readonly string[];
  /** `spread=node.labels.zone`. */
  readonly placementPref?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ServiceUpdateOptions extends CommonOptions {
  readonly image?: string;
  readonly args?: string;
  readonly force?: boolean;
  readonly publishAdd?: readonly string[];
  /** Target ports. */
  readonly publishRm?: readonly (number | string)[];
  readonly constraintAdd?: readonly string[];
  readonly constraintRm?: readonly string[];
  readonly envAdd?: Readonly<Record<string, string>>;
  readonly envRm?: readonly string[];
}

export interface ServiceHandle {
  readonly id: string;
  readonly name: string;
}

export interface NodeOptions {
  readonly availability?: "active" | "pause" | "drain";
  readonly role?: "worker" | "manager";
  readonly labels?: Readonly<Record<string, string>>;
  readonly labelRm?: readonly string[];
}

export interface SwarmInitOptions {
  readonly advertiseAddr?: string;
  readonly defaultAddrPool?: readonly string[];
  readonly defaultAddrPoolMaskLength?: number;
}

export interface SwarmJoinOptions {
  readonly token: string;
  readonly advertiseAddr?: string;
}

/** Docker's typed calls on an engine with swarm mode. */
export class SwarmDockerApi extends DockerApi {
  /** `docker service …`: on a manager. */
  readonly service = {
    create: (name: string, options: ServiceOptions): ServiceHandle => {
      const words = [...createWords(options), options.image, ...(options.command ?? [])];
      // Where the command waits for the tasks, its progress stands behind the id.
      const id = this.line(["docker", "service", "create", "--name", name, ...words])
        .split("\n")
        .find((line) => /^[0-9a-z]{25}$/.test(line));
      return { id: id ?? "", name };
    },
    update: (name: string, options: ServiceUpdateOptions): void => {
      this.line(["docker", "service", "update", ...updateWords(options), name]);
    },
    /** `scale({ web: 5 })`. */
    scale: (
      replicas: Readonly<Record<string, number>>,
      options: { readonly detach?: boolean } = {},
    ): void => {
      const words = Object.entries(replicas).map(([name, count]) => `${name}=${count}`);
      this.line(["docker", "service", "scale", ...detachWords(options), ...words]);
    },
    rollback: (name: string, options: { readonly detach?: boolean } = {}): void => {
      this.line(["docker", "service", "rollback", ...detachWords(options), name]);
    },
    rm: (...names: string[]): void => {
      this.line(["docker", "service", "rm", ...names]);
    },
    /** `docker service inspect`, read. */
    inspect: (name: string): unknown => this.read(["docker", "service", "inspect", name]),
    ls: (): CommandResult => this.execute(["docker", "service", "ls"]),
    ps: (...names: string[]): CommandResult => this.execute(["docker", "service", "ps", ...names]),
  };

  /** `docker node …`: on a manager. */
  readonly node = {
    update: (node: string, options: NodeOptions): void => {
      const words = [
        ...valued("--availability", options.availability),
        ...valued("--role", options.role),
        ...pairs("--label-add", options.labels),
        ...each("--label-rm", options.labelRm),
      ];
      this.line(["docker", "node", "update", ...words, node]);
    },
    promote: (...nodes: string[]): void => {
      this.line(["docker", "node", "promote", ...nodes]);
    },
    demote: (...nodes: string[]): void => {
      this.line(["docker", "node", "demote", ...nodes]);
    },
    rm: (node: string, options: { readonly force?: boolean } = {}): void => {
      this.line(["docker", "node", "rm", ...(options.force ? ["--force"] : []), node]);
    },
    /** `docker node inspect`, read. */
    inspect: (node: string): unknown => this.read(["docker", "node", "inspect", node]),
    ls: (): CommandResult => this.execute(["docker", "node", "ls"]),
    ps: (...nodes: string[]): CommandResult => this.execute(["docker", "node", "ps", ...nodes]),
  };

  /** `docker swarm …`. */
  readonly swarm = {
    init: (options: SwarmInitOptions = {}): void => {
      const words = [
        ...valued("--advertise-addr", options.advertiseAddr),
        ...each("--default-addr-pool", options.defaultAddrPool),
        ...valued("--default-addr-pool-mask-length", options.defaultAddrPoolMaskLength),
      ];
      this.line(["docker", "swarm", "init", ...words]);
    },
    /** The token with which a node may come in. */
    joinToken: (role: "worker" | "manager"): string =>
      this.line(["docker", "swarm", "join-token", "-q", role]),
    /** Comes into the swarm of the manager at `address`: `192.168.56.100:2377`. */
    join: (address: string, { token, advertiseAddr }: SwarmJoinOptions): void => {
      const words = ["--token", token, ...valued("--advertise-addr", advertiseAddr)];
      this.line(["docker", "swarm", "join", ...words, address]);
    },
    leave: (options: { readonly force?: boolean } = {}): void => {
      this.line(["docker", "swarm", "leave", ...(options.force ? ["--force"] : [])]);
    },
  };

  /** `docker stack …`: on a manager. */
  readonly stack = {
    /** Of a compose file on the machine. */
    deploy: (name: string, composeFile: string): void => {
      this.line(["docker", "stack", "deploy", "-c", composeFile, name]);
    },
    rm: (...names: string[]): void => {
      this.line(["docker", "stack", "rm", ...names]);
    },
  };

  private read(argv: readonly string[]): unknown {
    return (JSON.parse(this.line(argv)) as unknown[])[0];
  }
}

function createWords(options: ServiceOptions): readonly string[] {
  const networks = typeof options.network === "string" ? [options.network] : options.network;
  return [
    ...commonWords(options),
    ...valued("--mode", options.mode),
    ...each("-p", options.publish),
    ...each("--network", networks),
    ...each("--constraint", options.constraint),
    ...each("--placement-pref", options.placementPref),
    ...pairs("-e", options.env),
    ...pairs("-l", options.labels),
  ];
}

function updateWords(options: ServiceUpdateOptions): readonly string[] {
  return [
    ...commonWords(options),
    ...valued("--image", options.image),
    ...valued("--args", options.args),
    ...(options.force ? ["--force"] : []),
    ...each("--publish-add", options.publishAdd),
    ...each("--publish-rm", options.publishRm),
    ...each("--constraint-add", options.constraintAdd),
    ...each("--constraint-rm", options.constraintRm),
    ...pairs("--env-add", options.envAdd),
    ...each("--env-rm", options.envRm),
  ];
}

function commonWords(options: CommonOptions): readonly string[] {
  const { restart, limit, reserve } = options;
  return [
    ...detachWords(options),
    ...valued("--replicas", options.replicas),
    ...valued("--restart-condition", restart?.condition),
    ...duration("--restart-delay", restart?.delay),
    ...valued("--restart-max-attempts", restart?.maxAttempts),
    ...duration("--restart-window", restart?.window),
    ...changeWords("update", options.update),
    ...changeWords("rollback", options.rollback),
    ...valued("--limit-cpu", limit?.cpu),
    ...valued("--limit-memory", limit?.memory),
    ...valued("--reserve-cpu", reserve?.cpu),
    ...valued("--reserve-memory", reserve?.memory),
    ...valued("--replicas-max-per-node", options.replicasMaxPerNode),
    ...duration("--stop-grace-period", options.stopGracePeriod),
    ...valued("--hostname", options.hostname),
    ...valued("--endpoint-mode", options.endpointMode),
  ];
}

function changeWords(prefix: "update" | "rollback", options: UpdateOptions = {}): readonly string[] {
  return [
    ...valued(`--${prefix}-parallelism`, options.parallelism),
    ...duration(`--${prefix}-delay`, options.delay),
    ...valued(`--${prefix}-order`, options.order),
    ...valued(`--${prefix}-failure-action`, options.failureAction),
    ...duration(`--${prefix}-monitor`, options.monitor),
    ...valued(`--${prefix}-max-failure-ratio`, options.maxFailureRatio),
  ];
}

function detachWords({ detach }: { readonly detach?: boolean }): readonly string[] {
  return detach === undefined ? [] : [detach ? "-d" : "--detach=false"];
}

function valued(flag: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [flag, String(value)];
}

function each(flag: string, values: readonly (string | number)[] = []): readonly string[] {
  return values.flatMap((value) => [flag, String(value)]);
}

function pairs(flag: string, values: Readonly<Record<string, string>> = {}): readonly string[] {
  return each(
    flag,
    Object.entries(values).map(([key, value]) => `${key}=${value}`),
  );
}

/** In the largest unit that leaves no fraction: `5s`, `1500ms`. */
function duration(flag: string, value: Nanoseconds | undefined): readonly string[] {
  if (value === undefined) return [];
  const [size, unit] = (
    [
      [1e9, "s"],
      [1e6, "ms"],
      [1e3, "us"],
    ] as const
  ).find(([size]) => value % size === 0) ?? [1, "ns"];
  return [flag, `${value / size}${unit}`];
}

import type { Ipv4 } from "../../base/addresses.js";
import type { Nanoseconds } from "../../base/units.js";

/** A published port of a service (api.PortConfig). */
export interface ServicePort {
  readonly name: string;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly targetPort: number;
  /** 0: one is chosen from 30000 on. */
  readonly publishedPort: number;
  readonly mode: "ingress" | "host";
}

/** A service's place in a network: the network as it was named, with names of its own there. */
export interface NetworkAttachment {
  /** The network's id; `docker service create` has looked it up. */
  readonly target: string;
  readonly aliases: readonly string[];
  readonly driverOptions: ReadonlyMap<string, string>;
}

export interface RestartPolicy {
  readonly condition: "none" | "on-failure" | "any";
  readonly delay: Nanoseconds;
  /** 0: without end. */
  readonly maxAttempts: number;
  readonly window: Nanoseconds;
}

/** How a service changes (`--update-*`) or goes back (`--rollback-*`). */
export interface UpdateConfig {
  /** 0: all at once. */
  readonly parallelism: number;
  readonly delay: Nanoseconds;
  readonly failureAction: "pause" | "continue" | "rollback";
  readonly monitor: Nanoseconds;
  readonly maxFailureRatio: number;
  readonly order: "stop-first" | "start-first";
}

export interface Mount {
  readonly type: "bind" | "volume" | "tmpfs";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What each task's container is made of (api.ContainerSpec). */
export interface ContainerSpec {
  readonly image: string;
  /** ENTRYPOINT's replacement (`--entrypoint`). Empty: the image's. */
  readonly command: readonly string[];
  /** The words after the image. */
  readonly args: readonly string[];
  readonly hostname: string;
  readonly env: readonly string[];
  readonly workingDirectory: string;
  readonly user: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly hosts: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly sysctls: ReadonlyMap<string, string>;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly stopSignal: string;
  readonly stopGracePeriod: Nanoseconds;
  readonly tty: boolean;
  readonly init: boolean;
  readonly mounts: readonly Mount[];
}

export interface Resources {
  /** Thousand-millionths of a CPU; 0 is none. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
}

/** One version of what a service is asked to be (api.ServiceSpec). Frozen: a change is a new one. */
export interface ServiceSpec {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly container: ContainerSpec;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly restart: RestartPolicy;
  /** `node.role==manager`, as typed. */
  readonly constraints: readonly string[];
  /** `spread=node.labels.zone`: the label each. */
  readonly preferences: readonly string[];
  /** `--replicas-max-per-node`; 0 is without bound. */
  readonly maxReplicas: number;
  readonly networks: readonly NetworkAttachment[];
  readonly mode: { readonly kind: "replicated"; readonly replicas: number } | { readonly kind: "global" };
  readonly update: UpdateConfig;
  readonly rollback: UpdateConfig;
  readonly endpointMode: "vip" | "dnsrr";
  readonly ports: readonly ServicePort[];
  /** `--force` counts up. */
  readonly forceUpdate: number;
  /** Parts that the spec leaves to the defaults, so that `inspect` does not show them: a stack's service says only what its file says. */
  readonly omits?: ReadonlySet<SpecPart>;
}

export type SpecPart = "restart" | "update" | "rollback" | "resources" | "init" | "stopGracePeriod" | "dns";

/** The address of a service in one of its networks. */
export interface VirtualIp {
  readonly networkId: string;
  readonly address: Ipv4;
}

export interface UpdateStatus {
  readonly state:
    | "updating"
    | "paused"
    | "completed"
    | "rollback_started"
    | "rollback_paused"
    | "rollback_completed";
  readonly startedAt: Nanoseconds;
  readonly completedAt: Nanoseconds | null;
  readonly message: string;
}

/** A service of the swarm (api.Service). */
export interface ServiceObject {
  readonly id: string;
  spec: ServiceSpec;
  previousSpec: ServiceSpec | null;
  /** The ports with what was chosen for them. */
  ports: readonly ServicePort[];
  virtualIps: readonly VirtualIp[];
  updateStatus: UpdateStatus | null;
  readonly createdAt: Nanoseconds;
  updatedAt: Nanoseconds;
  version: number;
  /** The command that made it what it is: `docker service create …`. What a node does for its tasks has that as its cause. */
  cause: string;
}

import type { Nanoseconds } from "../../base/units.js";
import type { FileView } from "../../host/files.js";
import type { Process, ProgramTable } from "../../host/process.js";
import type { WaitQueue } from "../../sim/wait-queue.js";
import type { Netns } from "../../stack/netns.js";
import type { Endpoint, Network } from "../network/network.js";
import type { PortMapping } from "../network/publish.js";
import type { Resolver } from "../resolver/resolver.js";
import type { ContainerRequest, EndpointRequest, PortBinding } from "./config.js";
import type { ContainerLog } from "./log.js";

export type ContainerStatus = "created" | "running" | "exited" | "removing";

/** A running container's parts: gone when it stops. */
export interface Sandbox {
  readonly id: string;
  /** The first process. */
  readonly process: Process;
  readonly netns: Netns;
  /** Where the namespace is mounted, as SandboxKey says. */
  readonly key: string;
  readonly startedAt: Nanoseconds;
}

/** A container of the engine. */
export class Container {
  status: ContainerStatus = "created";
  exitCode = 0;
  error = "";
  startedAt: Nanoseconds | null = null;
  finishedAt: Nanoseconds | null = null;
  sandbox: Sandbox | null = null;
  restartCount = 0;
  /** Of the last run: `docker inspect` shows them after the end, too. */
  sandboxId = "";
  sandboxKey = "";
  /** The status with which its program answers the signal just sent. */
  gracefulExit: number | null = null;
  /** Set by stop and kill, so that a restart policy does not apply. */
  stoppedByHand = false;
  /** The networks that it belongs to, running or not, by name in the order in which it joined. */
  readonly networks = new Map<string, EndpointRequest>();
  readonly endpoints = new Map<Network, Endpoint>();
  /** The addresses that the swarm has given it in its networks, by the network's name. */
  readonly swarmAddresses = new Map<string, string>();
  readonly execs = new Set<string>();
  /** What is published while it runs. */
  mappings: readonly PortMapping[] = [];
  /** Number of the next interface with a prefix: eth0, eth1 …; they start anew with each start. */
  readonly nextDevices = new Map<string, number>();
  /** The endpoint that has the default route. */
  gateway: Endpoint | null = null;
  /** Its endpoint on docker_gwbridge, while it is in networks of the swarm only. */
  gatewayBridge: Endpoint | null = null;
  /** Its embedded DNS, once it has joined a network of the user's. */
  resolver: Resolver | null = null;
  /** Its user chose the name. */
  named: boolean;

  constructor(
    readonly id: string,
    public name: string,
    readonly created: Nanoseconds,
    readonly request: ContainerRequest,
    readonly files: FileView,
    /** The image's commands and what was installed since. */
    readonly programs: ProgramTable,
    readonly log: ContainerLog,
    /** Wakes when the status changes. */
    readonly changed: WaitQueue,
  ) {
    this.named = request.name !== null;
  }

  /** What is published while it runs, with the host ports that were chosen. */
  get published(): readonly PortBinding[] {
    return this.mappings.map(({ binding }) => binding);
  }

  get running(): boolean {
    return this.sandbox !== null;
  }

  get hostname(): string {
    return this.request.hostname ?? this.id.slice(0, 12);
  }

  /** The words of the first process: entrypoint and command. */
  get argv(): readonly string[] {
    return [...(this.request.entrypoint ?? []), ...this.request.command];
  }

  /** Pid of the first process on the machine; 0 when it does not run. */
  get pid(): number {
    return this.sandbox?.process.pid ?? 0;
  }
}

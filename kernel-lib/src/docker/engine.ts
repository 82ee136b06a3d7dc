import { ms } from "../base/units.js";
import type { CommandResult } from "../host/command-result.js";
import type { Host } from "../host/host.js";
import { Output, type Process, type Steps } from "../host/process.js";
import { sleep, spawnAndWait } from "../host/waits.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { dockerProgram } from "./command.js";
import { Containers } from "./container/containers.js";
import { dockerd, writeConfiguration } from "./daemon/dockerd.js";
import { NO_FIREWALL } from "./daemon/no-firewall.js";
import { DockerService } from "./daemon/service.js";
import { type DaemonSettings, DEFAULT_SETTINGS } from "./daemon/settings.js";
import { serviceCommand, systemctl } from "./daemon/systemctl.js";
import { DockerError } from "./docker-error.js";
import { Firewall } from "./firewall/firewall.js";
import { FIREWALL_LAYOUTS } from "./firewall/layouts.js";
import { underMirroredWsl2 } from "./firewall/wsl2.js";
import { IdSource } from "./ids.js";
import type { Image } from "./images/image.js";
import { ImageStore } from "./images/image-store.js";
import { Networks } from "./network/networks.js";
import { PortAllocator } from "./network/port-allocator.js";
import { dockerProxy } from "./proxy/docker-proxy.js";
import { Serving } from "./serving.js";
import type { SwarmPort } from "./swarm-port.js";
import type { EngineVersion } from "./versions/engine-version.js";
import { type DockerVersion, ENGINE_VERSIONS } from "./versions/version.js";

export interface EngineOptions {
  readonly version: DockerVersion;
  /** What the machine has pulled and built. Default: every image that the lab knows. */
  readonly images?: readonly Image[];
  /** Contents of /etc/docker/daemon.json. Default: there is no such file. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

/** `stopping`: it takes no commands any more, and its containers end. */
type DaemonState = "down" | "starting" | "up" | "stopping";

/**
 * The Docker engine of one machine: dockerd, with the `docker` command installed beside it. It changes the machine's network only by running
 * commands (`ip`, `sysctl`, `nsenter`), as an operator could; what runc does (processes, namespaces, mounts) it does itself. What is kept on disk
 * (containers, networks, images) lasts from one dockerd to the next.
 */
export class Engine {
  readonly version: EngineVersion;
  readonly ids: IdSource;
  readonly images: ImageStore;
  readonly networks: Networks;
  readonly containers: Containers;
  /** For whom it works now. */
  readonly serving = new Serving();
  /** What the daemon that runs, or ran last, has read from its configuration file. */
  settings: DaemonSettings = DEFAULT_SETTINGS;
  /** What that daemon has set up with `iptables`. */
  firewall: Firewall;
  /** The machine's ports that its containers have. */
  ports = new PortAllocator([0, 0]);
  /** Swarm mode, where it is installed beside the engine. */
  swarm: SwarmPort | null = null;
  /** Sockets that the daemon has open for published ports, where docker-proxy is off. */
  heldPorts = 0;
  state: DaemonState = "down";
  /** Wakes when a daemon begins, is ready and ends. */
  readonly changed: WaitQueue;
  private process: Process | null = null;
  private busy = false;
  private readonly idle: WaitQueue;

  /** Starts dockerd: makes docker0 and turns forwarding on. The clock goes on until it is ready. Throws RangeError when it refuses its configuration. */
  constructor(
    readonly host: Host,
    private readonly options: EngineOptions,
  ) {
    const { world } = host;
    this.version = ENGINE_VERSIONS[options.version];
    this.ids = new IdSource(world.random, host.name);
    this.firewall = this.newFirewall();
    this.idle = new WaitQueue(world.scheduler);
    this.changed = new WaitQueue(world.scheduler);
    this.images = new ImageStore(options.images);
    this.networks = new Networks(this);
    this.containers = new Containers(this);
    const service = new DockerService(this);
    for (const [name, program] of [
      ["docker", dockerProgram(this)],
      ["dockerd", dockerd(this)],
      ["docker-proxy", dockerProxy],
      ["systemctl", systemctl(service)],
      ["service", serviceCommand(service)],
    ] as const)
      host.programs.set(name, program);
    host.files.mkdir("/etc/docker", { recursive: true });
    if (options.daemon !== undefined) writeConfiguration(host, options.daemon);
    const daemon = service.spawn();
    while (this.state !== "up" && daemon.exitCode === null) world.scheduler.step();
    if (daemon.exitCode !== null) throw new RangeError(service.lastWords);
  }

  /** The release that it is, as the lab names it. */
  get release(): DockerVersion {
    return this.options.version;
  }

  /** The daemon's process: the parent of every command it runs and of every container. */
  get daemon(): Process {
    if (this.process === null) throw new Error("dockerd does not run");
    return this.process;
  }

  /** A daemon begins to work: ports and rules are counted anew. */
  begin(process: Process, settings: DaemonSettings): void {
    this.process = process;
    this.settings = settings;
    this.firewall = this.newFirewall();
    this.ports = new PortAllocator(this.host.rootNetns.portRange);
    this.enter("starting");
  }

  enter(state: DaemonState): void {
    this.state = state;
    if (state === "down") this.process = null;
    this.changed.wakeAll();
  }

  private newFirewall(): Firewall {
    const { userlandProxy, iptables } = this.settings;
    return new Firewall(iptables ? FIREWALL_LAYOUTS[this.options.version] : NO_FIREWALL, {
      userlandProxy,
      wsl2Mirrored: underMirroredWsl2(this.host),
    });
  }

  /** Runs a command on the machine as the daemon's child, with `stdin` as its standard input (`ip -batch -`). */
  *command(argv: readonly string[], { stdin = "" } = {}): Steps<CommandResult> {
    const stdout = new Output();
    const stderr = new Output();
    const { cause } = this.serving;
    const status = yield* spawnAndWait(this.daemon, { argv, stdin, stdout, stderr, cause });
    return { status, stdout: stdout.written, stderr: stderr.written };
  }

  /** The same for a command that must succeed: its message becomes the daemon's. */
  *must(argv: readonly string[], { stdin = "" } = {}): Steps<void> {
    const result = yield* this.command(argv, { stdin });
    if (result.status !== 0)
      throw new DockerError(
        result.stderr.trim().replace(/^RTNETLINK answers: (.)/, (_, first: string) => first.toLowerCase()),
      );
  }

  /** Takes turns: one change of containers and networks at a time. */
  *exclusively<T>(body: Steps<T>): Steps<T> {
    while (this.busy) yield { kind: "wait", queues: [this.idle], deadline: null };
    this.busy = true;
    try {
      return yield* body;
    } finally {
      this.busy = false;
      this.idle.wakeAll();
    }
  }

  /** What the daemon and runc need besides the network commands. */
  *work(milliseconds: number): Steps<void> {
    yield* sleep(this.host.init, ms(milliseconds));
  }
}

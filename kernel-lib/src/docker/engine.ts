import { ms } from "../base/units.js";
import type { CommandResult } from "../host/command-result.js";
import type { Host } from "../host/host.js";
import { Output, type Process, type Steps } from "../host/process.js";
import { sleep, spawnAndWait, untilOutsider } from "../host/waits.js";
import { WaitQueue } from "../sim/wait-queue.js";
import { dockerProgram } from "./command.js";
import { Containers } from "./container/containers.js";
import { DockerError } from "./docker-error.js";
import { firewallBridge } from "./firewall/engine-firewall.js";
import { Firewall } from "./firewall/firewall.js";
import { FIREWALL_LAYOUTS } from "./firewall/layouts.js";
import { underMirroredWsl2 } from "./firewall/wsl2.js";
import { IdSource } from "./ids.js";
import type { Image } from "./images/image.js";
import { ImageStore } from "./images/image-store.js";
import { bridgeCommands } from "./network/bridge-driver.js";
import { Networks } from "./network/networks.js";
import { Serving } from "./serving.js";
import type { EngineVersion } from "./versions/engine-version.js";
import { type DockerVersion, ENGINE_VERSIONS } from "./versions/version.js";

export interface EngineOptions {
  readonly version: DockerVersion;
  /** What the machine has pulled and built. Default: every image that the lab knows. */
  readonly images?: readonly Image[];
}

/**
 * The Docker engine of one machine: dockerd, with the `docker` command installed beside it. It changes the machine's network only by running
 * commands (`ip`, `sysctl`, `nsenter`), as an operator could; what runc does (processes, namespaces, mounts) it does itself.
 */
export class Engine {
  readonly version: EngineVersion;
  readonly ids: IdSource;
  readonly images: ImageStore;
  readonly networks: Networks;
  readonly containers: Containers;
  /** The daemon's process: the parent of every command it runs and of every container. */
  readonly daemon: Process;
  /** What it has set up with `iptables`. */
  readonly firewall: Firewall;
  /** For whom it works now. */
  readonly serving = new Serving();
  private busy = false;
  private readonly idle: WaitQueue;

  /** Starts dockerd: makes docker0 and turns forwarding on. The clock goes on until it is ready. */
  constructor(
    readonly host: Host,
    options: EngineOptions,
  ) {
    const { world } = host;
    this.version = ENGINE_VERSIONS[options.version];
    this.ids = new IdSource(world.random, host.name);
    this.firewall = new Firewall(FIREWALL_LAYOUTS[options.version], {
      userlandProxy: true,
      wsl2Mirrored: underMirroredWsl2(host),
    });
    this.idle = new WaitQueue(world.scheduler);
    this.images = new ImageStore(options.images);
    this.networks = new Networks(this);
    this.containers = new Containers(this);
    const forever = new WaitQueue(world.scheduler);
    this.daemon = host.spawn({ argv: ["dockerd"], program: () => untilStopped(forever), cause: "dockerd" });
    const bridge = this.networks.addPredefined();
    const forwarded = host.rootNetns.sysctls.number("net.ipv4.ip_forward") !== 0;
    for (const argv of [
      ["modprobe", "-a", "bridge", "br_netfilter"],
      ["sysctl", "-w", "net.ipv4.ip_forward=1"],
      ...bridgeCommands(bridge, this.ids.bridgeMac(), this.firewall.settings),
      ...this.firewall.start(forwarded, firewallBridge(bridge)).map(({ argv }) => argv),
    ]) {
      const result = host.run(argv, { parent: this.daemon });
      if (result.status !== 0) throw new Error(`dockerd: ${argv.join(" ")}: ${result.stderr}`);
    }
    host.files.mkdir("/var/run/docker/netns", { recursive: true });
    host.programs.set("docker", dockerProgram(this));
  }

  /** Runs a command on the machine as the daemon's child. */
  *command(argv: readonly string[]): Steps<CommandResult> {
    const stdout = new Output();
    const stderr = new Output();
    const status = yield* spawnAndWait(this.daemon, { argv, stdout, stderr, cause: this.serving.cause });
    return { status, stdout: stdout.written, stderr: stderr.written };
  }

  /** The same for a command that must succeed: its message becomes the daemon's. */
  *must(argv: readonly string[]): Steps<void> {
    const result = yield* this.command(argv);
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
    yield* sleep(this.daemon, ms(milliseconds));
  }
}

function* untilStopped(queue: WaitQueue): Steps {
  for (;;) yield* untilOutsider([queue]);
}

import type { Nanoseconds } from "../base/units.js";
import { TableModules } from "../netfilter/table-modules.js";
import { type KernelTraits, kernelTraits } from "../stack/kernel-traits.js";
import { Netns } from "../stack/netns.js";
import { Cpu } from "../trace/cpu.js";
import { LAB_EPOCH_SECONDS, type World } from "../trace/world.js";
import type { CommandResult } from "./command-result.js";
import { FileView, type NetnsHolder, type RootFileSystem } from "./files.js";
import type { InodeSource } from "./fs/inode-source.js";
import { buildRoot, type RootOptions } from "./fs/root.js";
import { KernelLog } from "./kernel-log.js";
import { Output, type Process, type ProgramTable, type SpawnOptions, type Uts } from "./process.js";
import { ProcessTable } from "./process-table.js";
import { Processors } from "./processors.js";
import { type RunOptions, runInForeground, runInForegroundAsync } from "./run.js";
import type { Task } from "./task.js";

export interface HostOptions {
  /** The commands of the machine. It is copied, so that what is installed on one machine is on that one only. */
  readonly programs: ProgramTable;
  /** The kernel's release, as `uname -r` prints it. */
  readonly kernelRelease?: string;
  /** The release of iptables that is installed. */
  readonly iptablesRelease?: string;
}

/** inode number of the first network namespace (Linux 6.x numbers init_net so). */
const FIRST_NETNS_ID = 4026531840;
/** Where numbers of namespaces made after boot go on. */
const NEXT_NETNS_ID = 4026532285;

/** How long a machine has been up when the lab starts: its services have come up. */
const UPTIME_AT_START: Nanoseconds = 127_000_000_000;

/** Settings of the whole machine, which only its own namespace can change. */
const MACHINE_SETTINGS: readonly string[] = [
  "net.netfilter.nf_conntrack_buckets",
  "net.netfilter.nf_conntrack_expect_max",
  "net.netfilter.nf_conntrack_max",
];

/** A Linux machine: its processes, namespaces, files and kernel log. It is changed by running commands on it. */
export class Host implements NetnsHolder {
  /** Handles packets. */
  readonly cpu: Cpu;
  /** Run programs. */
  readonly processors: Processors;
  /** Processor time that a server's process needs for the request that it has just read; 0 where nobody has said one. */
  serviceTime: (process: Process) => Nanoseconds = () => 0;
  readonly kernelLog: KernelLog;
  readonly processes: ProcessTable;
  readonly rootNetns: Netns;
  readonly uts: Uts;
  readonly programs: ProgramTable;
  readonly kernelRelease: string;
  readonly iptablesRelease: string;
  /** Virtual time of boot (before the lab's start, so negative). */
  readonly bootTime: Nanoseconds = -UPTIME_AT_START;
  /** Pid 1. */
  readonly init: Process;
  /** The machine's file system, as pid 1 sees it. */
  readonly files: FileView;

  private readonly kernel: KernelTraits;
  /** Of an old kernel; null on one where each namespace has its own tables. */
  readonly tableModules: TableModules | null = null;
  private readonly namespaces = new Map<Netns, number>();
  private nextNetnsId = NEXT_NETNS_ID;
  private nextInode = 1000;

  constructor(
    readonly world: World,
    readonly name: string,
    options: HostOptions,
  ) {
    this.cpu = new Cpu(world.scheduler);
    this.processors = new Processors(world.scheduler);
    this.kernelLog = new KernelLog(world.scheduler);
    this.processes = new ProcessTable(this);
    this.uts = { hostname: name };
    this.programs = new Map(options.programs);
    this.iptablesRelease = options.iptablesRelease ?? "1.8.9";
    this.kernelRelease = options.kernelRelease ?? "6.1.0-31-amd64";
    this.kernel = kernelTraits(this.kernelRelease);
    if (this.kernel.tablesEverywhere)
      this.tableModules = new TableModules(() => this.netnsList().map(({ netfilter }) => netfilter));
    this.rootNetns = new Netns({
      ...{ world, cpu: this.cpu, machine: name, label: name },
      ...{ id: FIRST_NETNS_ID, kernel: this.kernel, tableModules: this.tableModules },
    });
    this.rootNetns.netfilter.log = (text, at) => this.kernelLog.write(text, at);
    this.rootNetns.sysctls.allowWriting(MACHINE_SETTINGS);
    this.namespaces.set(this.rootNetns, 1);
    const system = this.createRoot({ programs: this.programs, hostname: name, userland: "debian" });
    this.init = this.startInit(system);
    this.files = this.init.files;
  }

  /** A new network namespace, with loopback only. It lives until the last process and the last mount of it are gone. */
  createNetns(label: string): Netns {
    const netns = new Netns({
      world: this.world,
      cpu: this.cpu,
      machine: this.name,
      label,
      id: this.nextNetnsId,
      kernel: this.kernel,
      tableModules: this.tableModules,
    });
    netns.sysctls.inheritDevices(this.rootNetns.sysctls);
    // A container gets four other namespaces (mnt, uts, ipc, pid) from the same counter.
    this.nextNetnsId += 5;
    this.namespaces.set(netns, 0);
    return netns;
  }

  /** All network namespaces, the machine's own first. */
  netnsList(): Netns[] {
    return [...this.namespaces.keys()];
  }

  /** The namespace with that inode number. */
  netnsById(id: number): Netns | null {
    return this.netnsList().find((netns) => netns.id === id) ?? null;
  }

  holdNetns(netns: Netns): void {
    this.namespaces.set(netns, (this.namespaces.get(netns) ?? 0) + 1);
  }

  /** One user less. The last one takes the namespace and its devices away. */
  releaseNetns(netns: Netns): void {
    const users = (this.namespaces.get(netns) ?? 0) - 1;
    if (users > 0) {
      this.namespaces.set(netns, users);
      return;
    }
    this.namespaces.delete(netns);
    netns.dispose();
  }

  /** A root file system for a container (or for the machine itself). */
  createRoot(options: RootOptions): RootFileSystem {
    const source: InodeSource = {
      nextNumber: () => this.nextInode++,
      now: () => this.unixTime(),
    };
    return { root: buildRoot(this, source, options), source, holder: this };
  }

  /** A view of a new root file system, for `spawn({ files })`. */
  createFiles(options: RootOptions): FileView {
    return new FileView(this.createRoot(options));
  }

  /** Seconds since the Unix epoch on this machine's clock. */
  unixTime(at: Nanoseconds = this.world.scheduler.now): number {
    return LAB_EPOCH_SECONDS + at / 1e9;
  }

  /** Starts a process as a child of pid 1. */
  spawn(options: SpawnOptions): Process {
    return this.init.spawn(options);
  }

  /** Runs a command as a child of pid 1 and lets the clock go on until it ends. A program that waits for a promise is an error here. */
  run(command: readonly string[] | SpawnOptions, options: RunOptions = {}): CommandResult {
    return runInForeground(this, command, options);
  }

  /** The same for commands that may run a shell (`sh -c`). */
  runAsync(command: readonly string[] | SpawnOptions, options: RunOptions = {}): Promise<CommandResult> {
    return runInForegroundAsync(this, command, options);
  }

  private startInit(system: RootFileSystem): Task {
    return this.processes.startInit({
      host: this,
      argv: ["/sbin/init"],
      program: null,
      netns: this.rootNetns,
      files: new FileView(system, null, this.rootNetns),
      env: MACHINE_ENVIRONMENT,
      cwd: "/",
      stdin: "",
      stdout: new Output(),
      stderr: new Output(),
      tty: false,
      uts: this.uts,
      programs: this.programs,
    });
  }
}

const MACHINE_ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ["HOME", "/root"],
  ["LOGNAME", "root"],
  ["USER", "root"],
  ["SHELL", "/bin/bash"],
  ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  ["LANG", "C.UTF-8"],
]);

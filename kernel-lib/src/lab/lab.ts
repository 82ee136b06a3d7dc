import { assertNever } from "../base/assert.js";
import { ms, type Nanoseconds } from "../base/units.js";
import { Engine } from "../docker/engine.js";
import type { DockerVersion } from "../docker/versions/version.js";
import type { Host } from "../host/host.js";
import { Recorder } from "../trace/recorder.js";
import { World } from "../trace/world.js";
import { Job } from "./job.js";
import { Journal, type JournalEntry, parseJournal } from "./journal.js";
import { Machine } from "./machine.js";
import { buildHosts, PRESETS, type PresetMachines, type PresetName } from "./preset.js";
import { startServices } from "./services.js";
import { type Topology, topologyOf } from "./topology.js";
import { Trace } from "./trace.js";

export interface LabOptions {
  /** Release of the Docker engine, which decides listings and rules. Default "28". */
  readonly docker?: DockerVersion;
  /** The same seed gives the same MACs, ids and bytes. Default 1. */
  readonly seed?: number;
  /** Contents of /etc/docker/daemon.json on the Docker hosts before dockerd's first start: `{ "userland-proxy": false }`. Default: no such file. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

/** The iptables that stood beside an engine: 1.12 as its recorded listing says, the next two as distributions of their year had it, then Debian 12's. */
const IPTABLES_OF: Readonly<Record<DockerVersion, string>> = {
  "1.12": "1.4.21",
  "17.05": "1.6.0",
  "17.09": "1.6.1",
  "20.10": "1.8.9",
  "28": "1.8.9",
};

/** What is under way when a command ends arrives within this time. */
const SETTLE: Nanoseconds = ms(100);

/** Machines, wired together, with one virtual clock. Begin with {@link Lab.preset}. */
export class Lab<Name extends string = string> {
  /** @internal */
  readonly world: World;
  readonly journal: Journal;
  /** The machines by name: `const { docker01, client } = lab.machines`. */
  readonly machines: Readonly<Record<Name, Machine>>;
  private readonly jobs: Job[] = [];
  /** All machines, the ones that nobody logs in to (switches) included. */
  private readonly hosts: readonly Host[];

  private constructor(
    readonly preset: PresetName,
    readonly docker: DockerVersion,
    readonly seed: number,
    daemon: Readonly<Record<string, unknown>> | undefined,
  ) {
    const plan = PRESETS[preset];
    this.world = new World(seed);
    this.journal = new Journal({
      format: "hopbook-journal",
      version: 1,
      preset,
      docker,
      seed,
      ...(daemon === undefined ? {} : { daemon }),
    });
    const hosts = buildHosts(this.world, plan, IPTABLES_OF[docker]);
    startServices(plan, hosts);
    this.hosts = [...hosts.values()];
    const entries = plan.machines
      .filter((machine) => machine.hidden !== true)
      .map((machine): [string, Machine] => {
        const host = hosts.get(machine.name)!;
        const engine = machine.docker
          ? new Engine(host, { version: docker, ...(daemon === undefined ? {} : { daemon }) })
          : null;
        return [machine.name, new Machine(this, host, engine)];
      });
    this.machines = Object.fromEntries(entries) as Record<Name, Machine>;
    this.settle();
  }

  /**
   * A lab from a plan: `single` is docker01 – router – client; `vxlan` is host-a and host-b on one LAN, with the same router and client.
   */
  static preset<P extends PresetName>(name: P, options: LabOptions = {}): Lab<PresetMachines[P]> {
    if (!(name in PRESETS))
      throw new RangeError(`no preset "${name}"; there are: ${Object.keys(PRESETS).join(", ")}`);
    const seed = options.seed ?? 1;
    if (!Number.isInteger(seed) || Math.abs(seed) > 2 ** 31)
      throw new RangeError(`a seed is a whole number of at most 32 bits, not ${seed}`);
    return new Lab(name, options.docker ?? "28", seed, options.daemon);
  }

  /** Rebuilds a lab from its journal (JSON text or a journal): everything that was done is done again, at the same virtual times. */
  static async replay(
    source: string | Journal,
    onEntry: (entry: JournalEntry, printed: string) => void = () => {},
  ): Promise<Lab> {
    const journal = typeof source === "string" ? parseJournal(source) : source;
    const { preset, docker, seed, daemon } = journal.header;
    const lab = Lab.preset(preset as PresetName, {
      docker: docker as DockerVersion,
      seed,
      ...(daemon === undefined ? {} : { daemon }),
    }) as unknown as Lab;
    for (const entry of journal.entries) onEntry(entry, await lab.redo(entry));
    return lab;
  }

  /** Virtual time since the lab was made. */
  get now(): Nanoseconds {
    return this.world.scheduler.now;
  }

  /** Lets virtual time pass: `lab.wait(seconds(300))` ages what learned and forgets what expires. */
  wait(duration: Nanoseconds): void {
    this.journal.append({ kind: "wait", at: this.now, duration });
    this.world.scheduler.runFor(duration);
  }

  /** Records what every packet does while `action` runs; with an asynchronous action the trace is a promise. */
  trace<T>(action: () => Promise<T>): Promise<Trace<T>>;
  trace<T>(action: () => T): Trace<T>;
  trace<T>(action: () => T | Promise<T>): Trace<T> | Promise<Trace<T>> {
    if (this.world.recorder !== null) throw new Error("a trace is running already: one at a time");
    const recorder = new Recorder();
    this.world.recorder = recorder;
    const end = () => {
      this.world.recorder = null;
    };
    let value: T | Promise<T>;
    try {
      value = action();
    } catch (error) {
      end();
      throw error;
    }
    if (value instanceof Promise)
      return value.finally(end).then((result) => new Trace(result, recorder.events));
    end();
    return new Trace(value, recorder.events);
  }

  /** What is wired to what now. */
  topology(): Topology {
    return topologyOf(this.hosts);
  }

  get machineList(): readonly Machine[] {
    return Object.values(this.machines);
  }

  /** Used by machines: starts a background command under the next number. @internal */
  nextJob(machine: Machine, argv: readonly string[]): Job {
    const number = this.jobs.length;
    const at = this.now;
    const job = new Job(this, machine, number, argv, machine.spawnWords(argv));
    this.journal.append({ kind: "start", at, machine: machine.name, job: number, argv });
    this.jobs.push(job);
    return job;
  }

  /** @internal */
  get jobCount(): number {
    return this.jobs.length;
  }

  /** The background commands so far, ended ones too. @internal */
  get jobList(): readonly Job[] {
    return this.jobs;
  }

  /** Lets what is under way arrive. @internal */
  settle(): void {
    this.world.scheduler.runFor(SETTLE);
  }

  /** Does an entry again; gives what it printed. */
  private async redo(entry: JournalEntry): Promise<string> {
    if (entry.at > this.now) this.world.scheduler.runUntil(entry.at);
    switch (entry.kind) {
      case "exec":
        return String(this.machine(entry.machine).exec(...(entry.argv as [string, ...string[]])));
      case "sh": {
        const options = entry.stdin === undefined ? {} : { stdin: entry.stdin };
        return String(await this.machine(entry.machine).script(entry.line, options));
      }
      case "start":
        this.machine(entry.machine).start(...(entry.argv as [string, ...string[]]));
        return "";
      case "stop":
        return String(this.jobs[entry.job]?.stop() ?? "");
      case "wait":
        this.wait(entry.duration);
        return "";
      default:
        return assertNever(entry);
    }
  }

  /** The machine of that name, for names that come as text. Throws a RangeError that lists the machines. */
  machine(name: string): Machine {
    const machine = (this.machines as Readonly<Record<string, Machine>>)[name];
    if (machine === undefined)
      throw new RangeError(
        `the lab has no machine "${name}"; it has: ${Object.keys(this.machines).join(", ")}`,
      );
    return machine;
  }
}

import { type GatewayConnector, setGateway } from "../apps/gateway/connector.js";
import { assertNever } from "../base/assert.js";
import { ms, type Nanoseconds } from "../base/units.js";
import { Engine } from "../docker/engine.js";
import type { DockerVersion } from "../docker/versions/version.js";
import type { Host } from "../host/host.js";
import { NeedsShell } from "../host/needs-shell.js";
import { NeedsPromise } from "../sim/needs-promise.js";
import { installSwarm } from "../swarm/install.js";
import { Recorder } from "../trace/recorder.js";
import { World } from "../trace/world.js";
import { buildHosts } from "./build-hosts.js";
import { Cable } from "./cable.js";
import { Checks } from "./checks/checks.js";
import type { CommandOutput } from "./command-output.js";
import { Job } from "./job.js";
import { joinSwarm } from "./join-swarm.js";
import { Journal, type JournalEntry, type JournalHeader, type TaskHeader } from "./journal.js";
import { Loads } from "./load/loads.js";
import type { ServiceTime } from "./load/service-times.js";
import { Machine } from "./machine.js";
import { given, type Loose, type Origin, planOf } from "./origin.js";
import { parseJournal } from "./parse-journal.js";
import type { LabPlan } from "./plan.js";
import type {
  PresetCables,
  PresetMachines,
  PresetName,
  PresetOptions,
  Underlay,
  VxlanOptions,
} from "./preset.js";
import { startServices } from "./services.js";
import { runShellCell, type ShellCellOptions } from "./shell-cell.js";
import type { SwarmNodes, SwarmOptions } from "./swarm-preset.js";
import { SYSTEMS } from "./systems.js";
import { preparationOf } from "./task/preparation.js";
import { type Topology, topologyOf } from "./topology.js";
import { Trace } from "./trace.js";
import { WebSocketClient } from "./websocket.js";

export interface LabOptions {
  /** Release of the Docker engine, which decides listings and rules. Default "28". */
  readonly docker?: DockerVersion;
  /** The same seed gives the same MACs, ids and bytes. Default 1. */
  readonly seed?: number;
  /** Contents of /etc/docker/daemon.json on the Docker hosts before dockerd's first start: `{ "userland-proxy": false }`. Default: no such file. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

/** What is under way when a command ends arrives within this time. */
const SETTLE: Nanoseconds = ms(100);

/** Machines, wired together, with one virtual clock. Begin with {@link Lab.preset}, or with {@link Lab.build} for machines of your own. */
export class Lab<Name extends string = string, Wire extends string = string> {
  /** @internal */
  readonly world: World;
  readonly journal: Journal;
  /** The machines by name: `const { docker01, client } = lab.machines`. */
  readonly machines: Readonly<Record<Name, Machine>>;
  /** The cables by name: `lab.cables["lan-a"].set({ delay: ms(5), rate: 100e6, loss: 0.01 })`. */
  readonly cables: Readonly<Record<Wire, Cable>>;
  /** Checks of what the lab does now: `await lab.check.reaches(hostA, hostB)`. One that fails throws an error that says what was seen, and where to look. */
  readonly check: Checks = new Checks(this as unknown as Lab);
  /** @internal */
  readonly loads: Loads;
  private readonly jobs: Job[] = [];
  private readonly sockets: WebSocketClient[] = [];
  /** All machines, the ones that nobody logs in to (switches) included. */
  private readonly hosts: readonly Host[];

  private constructor(
    origin: Origin,
    { docker = "28", seed = 1, daemon }: Loose<LabOptions>,
    task: TaskHeader | undefined = undefined,
  ) {
    if (!Number.isInteger(seed) || Math.abs(seed) > 2 ** 31)
      throw new RangeError(`a seed is a whole number of at most 32 bits, not ${seed}`);
    const plan = planOf(origin);
    this.world = new World(seed);
    this.journal = new Journal({
      format: "hopbook-journal",
      version: 1,
      ...given(origin),
      docker,
      seed,
      ...given({ daemon, task }),
    });
    const { hosts, switches, cables } = buildHosts(this.world, plan, SYSTEMS[docker]);
    startServices(plan, hosts);
    const shown = [...hosts].filter(([name]) => plan.machines[name]!.hidden !== true);
    this.hosts = [...shown.map(([, host]) => host), ...switches.values()];
    const machines = shown.map(([name, host]): [string, Machine] => {
      const engine =
        plan.machines[name]!.docker === true
          ? new Engine(host, { version: docker, ...given({ daemon }) })
          : null;
      if (engine !== null) installSwarm(engine);
      return [name, new Machine(this, host, engine)];
    });
    this.machines = Object.fromEntries(machines) as Record<Name, Machine>;
    this.loads = new Loads(
      this.world,
      this.journal,
      machines.map(([, machine]) => machine),
    );
    this.cables = Object.fromEntries(
      [...cables].map(([name, wire]) => [name, new Cable(this, wire, name, plan.cables[name]!.ends)]),
    ) as Record<Wire, Cable>;
    this.settle();
    if (plan.swarm !== undefined) joinSwarm(plan.swarm, hosts);
  }

  /**
   * A lab from a plan that is there already. `single` is docker01 – router – client. `vxlan` is host-a and host-b (up to 200 hosts with `hosts`) on one LAN with
   * the same router and client, or with `underlay: "routed"` each on a subnet of its own behind the router. `swarm` is docker01, docker02 and docker03 (or `nodes`)
   * with the client on their LAN, joined to a swarm. Throws a RangeError for an option that the preset does not have.
   */
  static preset(name: "single", options?: LabOptions): Lab<PresetMachines["single"], PresetCables["single"]>;
  static preset<const N extends number = 2, const U extends Underlay = "switched">(
    name: "vxlan",
    options?: LabOptions & VxlanOptions<N, U>,
  ): Lab<PresetMachines<N>["vxlan"], PresetCables<N, U>["vxlan"]>;
  static preset<const S extends SwarmNodes = 3>(
    name: "swarm",
    options?: LabOptions & SwarmOptions<S>,
  ): Lab<PresetMachines<2, S>["swarm"], PresetCables<2, "switched", S>["swarm"]>;
  static preset(name: PresetName, options?: LabOptions): Lab;
  static preset(name: string, options: LabOptions & PresetOptions = {}): Lab {
    return Lab.named(name, options);
  }

  /** A preset by a name and options that come as text: from a command line. @internal */
  static named(name: string, { docker, seed, daemon, ...own }: Loose<LabOptions & PresetOptions>): Lab {
    return new Lab({ preset: name, ...own }, { docker, seed, daemon });
  }

  /**
   * A lab of machines, switches and cables of your own:
   * `Lab.build({ machines: { a: { nics: ["eth0"], setup: ["ip link set eth0 up"] }, b: … }, cables: { wire: { ends: ["a:eth0", "b:eth0"], delay: ms(1) } } })`.
   * Throws a RangeError that says what is wrong with the plan, or which set-up command failed and how.
   */
  static build<const P extends LabPlan>(
    plan: P,
    options: LabOptions = {},
  ): Lab<keyof P["machines"] & string, keyof P["cables"] & string> {
    return new Lab({ plan: structuredClone(plan) as LabPlan }, options);
  }

  /** Rebuilds a lab from its journal (JSON text or a journal): everything that was done is done again, at the same virtual times. */
  static async replay(
    source: string | Journal,
    onEntry: (entry: JournalEntry, printed: string) => void = () => {},
  ): Promise<Lab> {
    const { header, entries } = typeof source === "string" ? parseJournal(source) : source;
    const { task } = header;
    const lab =
      task === undefined ? Lab.begun(header) : await Lab.prepared(await preparationOf(task), task, onEntry);
    await lab.redoAll(entries, onEntry);
    return lab;
  }

  /** The lab of a task, as its student gets it: the preparation is done, and the journal begins after it. @internal */
  static async prepared(
    { header, entries }: Journal,
    task: TaskHeader,
    onEntry: (entry: JournalEntry, printed: string) => void = () => {},
  ): Promise<Lab> {
    const lab = Lab.begun(header, task);
    await lab.redoAll(entries, onEntry);
    lab.journal.restart();
    return lab;
  }

  /** A lab before the first entry of its journal. */
  private static begun(
    { format: _format, version: _version, docker, seed, daemon, task: _task, ...origin }: JournalHeader,
    task?: TaskHeader,
  ): Lab {
    return new Lab(origin as Origin, { docker: docker as DockerVersion, seed, daemon }, task);
  }

  /** Does what a journal says after what was done so far, each entry at its time. Throws a RangeError for an entry that this lab cannot have had. @internal */
  async redoAll(
    entries: readonly JournalEntry[],
    onEntry: (entry: JournalEntry, printed: string) => void,
  ): Promise<void> {
    for (const entry of entries) onEntry(entry, await this.redoOrSay(entry));
  }

  /** Virtual time since the lab was made. */
  get now(): Nanoseconds {
    return this.world.scheduler.now;
  }

  /** What a notebook's cell that begins with `%%sh MACHINE` runs: bash there. Throws when the last command's exit status is not 0. */
  shellCell(machine: Name, text: string, options: ShellCellOptions = {}): Promise<CommandOutput> {
    return runShellCell(this.machine(machine), text, options);
  }

  /** Lets virtual time pass: `lab.wait(seconds(300))` ages what learned and forgets what expires. */
  wait(duration: Nanoseconds): void {
    const at = this.now;
    try {
      this.world.asyncWork.impatiently(() => this.world.scheduler.runFor(duration));
    } finally {
      // A wait that a Node program's turn has ended is one of the time that has passed.
      this.journal.append({ kind: "wait", at, duration: this.now - at });
    }
  }

  /** The same as {@link Lab.wait}, beside programs whose JavaScript runs meanwhile: `await lab.sleep(seconds(5))`. */
  async sleep(duration: Nanoseconds): Promise<void> {
    this.journal.append({ kind: "wait", at: this.now, duration });
    await this.world.asyncWork.runUntil(this.world.scheduler, this.now + duration);
  }

  /**
   * What one request costs the processor of the machine that answers it: `lab.serviceTime("helloworld", { mean: ms(5) })` for every container of that
   * name or service, `"helloworld.2"` for one replica. Without it servers answer at once.
   */
  serviceTime(container: string, time: ServiceTime): void {
    this.loads.setServiceTime(container, time);
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

  /** Used by machines and containers. @internal */
  openSocket(machine: Machine, container: string | null, url: string): Promise<WebSocketClient> {
    const parent = this.loads.parentOf(machine.name, container);
    const socket = this.sockets.length;
    const inside = container === null ? {} : { container };
    this.journal.append({ kind: "socket", at: this.now, machine: machine.name, ...inside, socket, url });
    const client = new WebSocketClient(this, machine, parent, socket, url);
    this.sockets.push(client);
    return client.opening();
  }

  /** @internal */
  get jobCount(): number {
    return this.jobs.length;
  }

  /**
   * Joins a real server of this machine to the lab, by the `realRedis` of `hopbook/gateway`: containers of the image `redis` that start from now on lead to it instead of being one. The clock stands still while
   * it is asked, and only asynchronous calls (`sh`) can use it. Null: containers are servers of the lab again. The journal does not know of it: a replay has the lab's own
   * server.
   */
  gateway(service: "redis", connector: GatewayConnector | null): void {
    if (service !== "redis") throw new RangeError(`no gateway for "${service as string}"; there is: redis`);
    setGateway(this.world, "redis-server", connector);
  }

  /** The background commands so far, ended ones too. @internal */
  get jobList(): readonly Job[] {
    return this.jobs;
  }

  /** Lets what is under way arrive. @internal */
  settle(): void {
    this.world.asyncWork.pause(this.world.scheduler, SETTLE);
  }

  /** Does an entry again. A call that was refused because it needed a promise is refused again, at the same time. */
  private async redoOrSay(entry: JournalEntry): Promise<string> {
    try {
      return await this.redo(entry);
    } catch (error) {
      if (error instanceof NeedsPromise || error instanceof NeedsShell) return error.message;
      throw error;
    }
  }

  /** Does an entry again; gives what it printed. */
  private async redo(entry: JournalEntry): Promise<string> {
    if (entry.at > this.now) await this.world.asyncWork.runUntil(this.world.scheduler, entry.at);
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
        await this.sleep(entry.duration);
        return "";
      case "cable":
        this.cable(entry.cable).change(entry.figures, entry.from);
        return "";
      case "fault":
        this.machine(entry.machine).fault(entry.device, entry.fault, entry.on);
        return "";
      case "load":
      case "load-end":
      case "service-time":
      case "processors":
        return this.loads.redo(entry);
      case "socket":
        // One that was refused is refused again, and is no end of the replay.
        return this.openSocket(this.machine(entry.machine), entry.container ?? null, entry.url).then(
          () => "",
          (error: Error) => error.message,
        );
      case "socket-send":
        this.sockets[entry.socket]?.send(entry.text);
        return "";
      case "socket-close":
        this.sockets[entry.socket]?.close();
        return "";
      case "probe":
        return String(await this.machine(entry.machine).probe(entry.argv));
      case "answer":
      case "hint":
        this.journal.append({ ...entry, at: this.now });
        return "";
      default:
        return assertNever(entry);
    }
  }

  /** The machine of that name, for names that come as text. Throws a RangeError that lists the machines. */
  machine(name: string): Machine {
    return find<Machine>(this.machines, name, "machine");
  }

  /** The cable of that name, for names that come as text. Throws a RangeError that lists the cables. */
  cable(name: string): Cable {
    return find<Cable>(this.cables, name, "cable");
  }
}

function find<T>(all: Readonly<Record<string, T>>, name: string, kind: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined)
    throw new RangeError(`the lab has no ${kind} "${name}"; it has: ${Object.keys(all).join(", ")}`);
  return found;
}

import { ms, type Nanoseconds } from "../base/units.js";
import type { Engine } from "../docker/engine.js";
import type { Host } from "../host/host.js";
import { Output, type Process } from "../host/process.js";
import type { Nic } from "../link/nic.js";
import { NIC_FAULTS, type NicFault } from "../link/nic-fault.js";
import { SwarmDockerApi } from "../swarm/api.js";
import type { BashSession, ShellOptions } from "../tools/shell/bash-session.js";
import { ShellSession } from "../tools/shell/session.js";
import { CommandOutput } from "./command-output.js";
import { Container } from "./container.js";
import type { Job } from "./job.js";
import type { Lab } from "./lab.js";
import type { LoadOptions } from "./load/options.js";
import type { LoadResult } from "./load/result.js";
import type { LoadRun } from "./load/run.js";
import { listRules, type RuleListing, type RulesOptions } from "./rules.js";
import type { WebSocketClient } from "./websocket.js";
import { shellLine, splitWords } from "./words.js";

/** A reader needs time between two commands: what is under way meanwhile arrives. */
const BETWEEN_COMMANDS: Nanoseconds = ms(100);

/** One machine of a lab, as its operator uses it: commands go in, text comes out, and every one is in the lab's journal. */
export class Machine {
  /** Typed calls that build `docker` commands. Throws on a machine without a Docker engine. */
  readonly docker: SwarmDockerApi;
  private session: ShellSession | null = null;

  /** @internal */
  constructor(
    private readonly lab: Lab,
    /** @internal */
    readonly host: Host,
    /** @internal */
    readonly engine: Engine | null,
  ) {
    this.docker = new SwarmDockerApi(([first = "", ...rest]) => this.exec(first, ...rest));
  }

  get name(): string {
    return this.host.name;
  }

  /**
   * Runs one command without a shell and gives what it printed: `exec("ip addr show docker0")`, or word by word where a word has blanks or quotes. The clock
   * goes on until the command ends.
   */
  exec(first: string, ...rest: string[]): CommandOutput {
    const argv = rest.length === 0 ? splitWords(first) : [first, ...rest];
    this.lab.journal.append({ kind: "exec", at: this.lab.now, machine: this.name, argv });
    return this.runWords(argv);
  }

  /** Runs lines of bash in this machine's session; `${values}` become quoted words. Pipes, variables, jobs and folders last from call to call. */
  sh(strings: TemplateStringsArray, ...values: unknown[]): Promise<CommandOutput> {
    return this.script(shellLine(strings, values));
  }

  /** The same for text that is already there. */
  async script(line: string, options: { readonly stdin?: string } = {}): Promise<CommandOutput> {
    this.lab.journal.append({ kind: "sh", at: this.lab.now, machine: this.name, line, ...options });
    const result = await this.shell().run(line, { ...options, settle: BETWEEN_COMMANDS });
    return new CommandOutput(result);
  }

  /**
   * This machine's bash session, the one that `sh` uses. With `terminal` (at its first use) its commands have a terminal: `docker exec -it c sh` then takes the
   * lines that follow. @internal
   */
  shell(options: ShellOptions = {}): BashSession {
    this.session ??= new ShellSession(this.host, options);
    return this.session;
  }

  /** Starts a command that goes on while others run: a capture, a server, a long ping. End it with `stop()`. */
  start(first: string, ...rest: string[]): Job {
    const argv = rest.length === 0 ? splitWords(first) : [first, ...rest];
    const job = this.lab.nextJob(this, argv);
    const { asyncWork, scheduler } = this.lab.world;
    asyncWork.pause(scheduler, BETWEEN_COMMANDS);
    return job;
  }

  /** Captures a device's frames as `tcpdump -i DEVICE -w FILE FILTER` does, until `stop()`. */
  capture(device: string, filter = ""): Job {
    const words = filter === "" ? [] : [filter];
    return this.start(
      "tcpdump",
      "-i",
      device,
      "-U",
      "-w",
      `/tmp/${device}-${this.lab.jobCount}.pcap`,
      ...words,
    );
  }

  /** `curl -s URL`: the body is the answer's `text`. */
  get(url: string): CommandOutput {
    return this.exec("curl", "-s", url);
  }

  /**
   * Opens a WebSocket as a browser on this machine does: `await client.webSocket("ws://192.168.56.101:5000/ws")`. Throws an Error in Node's words when there is none.
   */
  webSocket(url: string): Promise<WebSocketClient> {
    return this.lab.openSocket(this, null, url);
  }

  /** Used by containers. @internal */
  webSocketIn(container: string, url: string): Promise<WebSocketClient> {
    return this.lab.openSocket(this, container, url);
  }

  ping(address: string, options: { readonly count?: number } = {}): CommandOutput {
    return this.exec("ping", "-c", String(options.count ?? 3), address);
  }

  /** Sends requests at a rate and waits for all answers: `client.load({ url: "http://192.168.56.100/", rate: 200, requests: 1000 })`. */
  load(options: LoadOptions): LoadResult {
    return this.startLoad(options).finish();
  }

  /** The same beside other commands: end it with `finish()`. */
  startLoad(options: LoadOptions): LoadRun {
    return this.lab.loads.start(this.name, null, options);
  }

  /** Used by containers. @internal */
  startLoadIn(container: string, options: LoadOptions): LoadRun {
    return this.lab.loads.start(this.name, container, options);
  }

  /** From now on the machine has that many processors for its programs. A lab's machines have one. */
  processors(count: number): void {
    this.lab.loads.setProcessors(this.name, count);
  }

  /**
   * Gives a network card a fault, or takes it away: `fault("enX0", "tunnel-checksum")` lets the card leave the TCP and UDP checksums inside VXLAN unfinished while its
   * tx-checksum-ip-generic is on (`ethtool -K enX0 tx-checksum-ip-generic off` helps). Throws a RangeError for what is no card.
   */
  fault(device: string, fault: NicFault, on = true): void {
    const nic = this.host.rootNetns.device(device);
    if (nic?.kind !== "nic") throw new RangeError(`${this.name} has no network card "${device}"`);
    if (!NIC_FAULTS.includes(fault))
      throw new RangeError(`no fault "${fault}"; there is: ${NIC_FAULTS.join(", ")}`);
    this.lab.journal.append({ kind: "fault", at: this.lab.now, machine: this.name, device, fault, on });
    const { faults } = nic as Nic;
    if (on) faults.add(fault);
    else faults.delete(fault);
  }

  /** A running container, to do the same things in. */
  container(name: string): Container {
    return new Container(this, name);
  }

  /** The machine's netfilter rules with their counters and the commands that they came from: `rules({ table: "nat" })`. Changes nothing. */
  rules(options: RulesOptions = {}): RuleListing {
    return listRules(this.name, this.host.rootNetns.netfilter, options);
  }

  /** A file's text on this machine. */
  read(path: string): string {
    return this.host.files.readText(path);
  }

  /** A file's bytes on this machine: `machine.readBytes("/tmp/docker0-0.pcap")`. */
  readBytes(path: string): Uint8Array {
    return this.host.files.readBytes(path);
  }

  /** Used by the lab: a command that the journal has already. @internal */
  runWords(argv: readonly string[]): CommandOutput {
    const { asyncWork, costs, scheduler } = this.lab.world;
    asyncWork.impatiently(() => scheduler.runFor(costs.exec));
    const result = this.host.run(argv);
    asyncWork.pause(scheduler, BETWEEN_COMMANDS);
    return new CommandOutput(result);
  }

  /** Used by checks: runs a command without a shell beside Node programs, as words. @internal */
  async probe(argv: readonly string[]): Promise<CommandOutput> {
    this.lab.journal.append({ kind: "probe", at: this.lab.now, machine: this.name, argv });
    const { asyncWork, costs, scheduler } = this.lab.world;
    await asyncWork.runUntil(scheduler, scheduler.now + costs.exec);
    const result = await this.host.runAsync(argv);
    await asyncWork.runUntil(scheduler, scheduler.now + BETWEEN_COMMANDS);
    return new CommandOutput(result);
  }

  /** Used by the lab: starts a command of which the journal knows. What it prints is its own, not that of all jobs before it. @internal */
  spawnWords(argv: readonly string[]): Process {
    return this.host.spawn({ argv, stdout: new Output(), stderr: new Output() });
  }
}

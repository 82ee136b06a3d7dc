import type { Nanoseconds } from "../../base/units.js";
import { Output, type Process } from "../../host/process.js";
import type { Random } from "../../sim/random.js";
import { loadProgram } from "./generator.js";
import { type LoadOptions, type LoadPlan, readLoadOptions } from "./options.js";
import { LoadRecord, NONE } from "./record.js";
import { type FoundReplica, machineOfAddress, replicaOf, type Site } from "./replicas.js";
import { LoadResult } from "./result.js";

/** A load that is under way: other commands may run meanwhile. */
export class LoadRun {
  private readonly plan: LoadPlan;
  private readonly record: LoadRecord;
  private readonly replicas: FoundReplica[] = [];
  private readonly process: Process;
  private readonly startedAt: Nanoseconds;
  private readonly workedBefore: readonly Nanoseconds[];
  private readonly entries: readonly { readonly host: string; readonly machine: string | null }[];

  /** Begins it, as a child of `parent`. Throws a RangeError for wrong options. @internal */
  constructor(
    private readonly sites: readonly Site[],
    parent: Process,
    options: LoadOptions,
    random: Random,
    /** The journal hears that its end was waited for. */
    private readonly onFinish: () => void,
  ) {
    this.plan = readLoadOptions(options);
    const { scheduler } = parent.host.world;
    this.startedAt = scheduler.now;
    this.workedBefore = sites.map(({ host }) => host.processors.workedFor);
    this.entries = this.plan.urls.map(({ host }) => ({ host, machine: machineOfAddress(sites, host) }));
    // Who answers is looked up at once: later its container may be gone.
    this.record = new LoadRecord((text) => this.replicas.push(this.newReplica(text)));
    this.process = parent.spawn({
      argv: ["load", ...[options.url].flat()],
      program: loadProgram(this.plan, this.record, random),
      stdout: new Output(),
      stderr: new Output(),
    });
  }

  get running(): boolean {
    return this.process.exitCode === null;
  }

  /** Requests that have come so far. */
  get requests(): number {
    return this.record.at.length;
  }

  /** Runs the clock until every request has its answer or has failed. */
  finish(): LoadResult {
    if (this.running) this.onFinish();
    this.runToEnd();
    return this.result();
  }

  /** Used by a replay: the journal knows. @internal */
  runToEnd(): void {
    const { scheduler } = this.process.host.world;
    while (this.running && scheduler.step());
  }

  /** What is known so far. */
  result(): LoadResult {
    const endedAt = this.lastAnswer();
    const elapsed = Math.max(1, endedAt - this.startedAt);
    const machines = this.sites.flatMap(({ host }, i) => {
      const worked = host.processors.workedFor - this.workedBefore[i]!;
      if (worked === 0) return [];
      return [{ machine: host.name, utilisation: worked / (elapsed * host.processors.count) }];
    });
    const { record, replicas, entries, startedAt } = this;
    return new LoadResult({
      record,
      replicas: [...replicas],
      entries,
      startedAt,
      endedAt,
      rate: this.plan.rate,
      machines,
    });
  }

  private lastAnswer(): Nanoseconds {
    const { at, latency } = this.record;
    return at.reduce(
      (last, begun, i) => Math.max(last, latency[i] === NONE ? begun : begun + latency[i]!),
      this.startedAt,
    );
  }

  /** The next task in a slot is another replica, though it has the same short name. */
  private newReplica(text: string): FoundReplica {
    const found = replicaOf(this.sites, text);
    if (found.containerId === null) return found;
    const same = this.replicas.find((other) => other.containerId === found.containerId);
    if (same !== undefined) return same;
    const taken = (name: string) => this.replicas.some((other) => other.name === name);
    if (!taken(found.name)) return found;
    let number = 2;
    while (taken(`${found.name} (${number})`)) number++;
    return { ...found, name: `${found.name} (${number})` };
  }
}

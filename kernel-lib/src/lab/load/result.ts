import { DISPLAY, type Displayable, type MimeBundle } from "../../base/display.js";
import { htmlTable, textTable } from "../../base/html.js";
import { formatDuration, type Nanoseconds } from "../../base/units.js";
import { type LoadRecord, NONE } from "./record.js";
import type { Replica } from "./replicas.js";

/** How often one way was gone: in at a url, answered by a replica. */
export interface LoadPath {
  /** Host of the url. */
  readonly entry: string;
  /** The machine that has that address; null for a name. */
  readonly entryMachine: string | null;
  readonly replica: Replica;
  readonly requests: number;
}

/** Requests that one replica answered, and how fast. */
export interface ReplicaLoad extends Replica {
  readonly requests: number;
  /** Of all answers, 0 to 1. */
  readonly share: number;
  readonly median: Nanoseconds;
  readonly p99: Nanoseconds;
}

/** One stretch of time: requests that came in it, by what became of them. */
export interface LoadStep {
  /** Since the load began. */
  readonly at: Nanoseconds;
  /** In the order of {@link LoadResult.replicas}. */
  readonly byReplica: readonly number[];
  readonly failed: number;
}

/** What a machine's processors did for the requests meanwhile. */
export interface MachineLoad {
  readonly machine: string;
  /** Processor time asked for over processor time there was: at 1 and above the queue grows. */
  readonly utilisation: number;
}

export interface LoadFacts {
  readonly record: LoadRecord;
  /** Of each url. */
  readonly entries: readonly { readonly host: string; readonly machine: string | null }[];
  /** Of each different answer. */
  readonly replicas: readonly Replica[];
  readonly startedAt: Nanoseconds;
  readonly endedAt: Nanoseconds;
  readonly rate: number;
  readonly machines: readonly MachineLoad[];
}

/** What became of a load: how many answers, by whom, how fast. */
export class LoadResult implements Displayable {
  /** Who answered, by name. */
  readonly replicas: readonly ReplicaLoad[];
  readonly paths: readonly LoadPath[];
  /** Requests without an answer, by reason. */
  readonly failures: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly answered: number;
  readonly failed: number;
  /** Machines whose programs had something to do, where service times are set. */
  readonly machines: readonly MachineLoad[];
  private readonly sorted: Float64Array;
  /** Place in {@link LoadResult.replicas} of each different answer. */
  private readonly placeOf: readonly number[];

  constructor(private readonly facts: LoadFacts) {
    const { record, replicas } = facts;
    const names = [...new Map(replicas.map((replica) => [keyOf(replica), replica])).values()].sort(byName);
    this.placeOf = replicas.map((replica) => names.findIndex((other) => keyOf(other) === keyOf(replica)));
    const latencies = names.map((): number[] => []);
    for (const [i, server] of record.server.entries())
      if (server !== NONE) latencies[this.placeOf[server]!]!.push(record.latency[i]!);
    this.sorted = Float64Array.from(latencies.flat()).sort();
    this.answered = this.sorted.length;
    this.replicas = names.map((replica, i) => replicaLoad(replica, latencies[i]!, this.answered));
    this.paths = pathsOf(facts, names, this.placeOf);
    this.requests = record.at.length;
    this.failures = failuresOf(record);
    this.failed = Object.values(this.failures).reduce((sum, count) => sum + count, 0);
    this.machines = facts.machines;
  }

  /** Requests a second that were asked for. */
  get rate(): number {
    return this.facts.rate;
  }

  /** From the first moment to the last answer. */
  get duration(): Nanoseconds {
    return this.facts.endedAt - this.facts.startedAt;
  }

  /** The latency that this share of the answers does not exceed: `quantile(0.99)`. NaN without answers. */
  quantile(share: number): Nanoseconds {
    return quantileOf(this.sorted, share);
  }

  /** Of the answers; NaN without any. */
  get mean(): Nanoseconds {
    return this.sorted.reduce((sum, value) => sum + value, 0) / this.answered;
  }

  /** Counts over time, by the moment at which requests came. */
  series(step: Nanoseconds): readonly LoadStep[] {
    const { record, startedAt } = this.facts;
    const last = record.at.at(-1) ?? startedAt;
    const rows = Array.from({ length: Math.floor((last - startedAt) / step) + 1 }, (_, i) => ({
      at: i * step,
      byReplica: this.replicas.map(() => 0),
      failed: 0,
    }));
    for (const [i, at] of record.at.entries()) {
      const row = rows[Math.floor((at - startedAt) / step)]!;
      const server = record.server[i]!;
      if (server === NONE) row.failed++;
      else row.byReplica[this.placeOf[server]!]!++;
    }
    return rows;
  }

  toString(): string {
    const { head, rows } = this.table();
    return `${this.caption}\n${textTable(head, rows, [2, 3, 4, 5])}${this.notes.map((note) => `\n${note}`).join("")}`;
  }

  [DISPLAY](): MimeBundle {
    const { head, rows } = this.table();
    return {
      "text/plain": this.toString(),
      "text/html": htmlTable(this.caption, head, rows, this.notes),
    };
  }

  private get caption(): string {
    const rate = Number(this.facts.rate.toPrecision(4));
    return `${this.requests.toLocaleString("en")} requests at ${rate.toLocaleString("en")} a second: ${this.answered.toLocaleString("en")} answered, ${this.failed.toLocaleString("en")} failed`;
  }

  private get notes(): readonly string[] {
    if (this.answered === 0) return this.failureNotes;
    const quantiles = [0.5, 0.9, 0.99].map((q) => formatDuration(Math.round(this.quantile(q))));
    const busy = this.machines.map(({ machine, utilisation }) => `${machine} ${percent(utilisation)}`);
    return [
      `modelled latency: half of the answers within ${quantiles[0]}, 90 % within ${quantiles[1]}, 99 % within ${quantiles[2]}`,
      ...(busy.length === 0 ? [] : [`processors asked for: ${busy.join(", ")}`]),
      ...this.failureNotes,
    ];
  }

  private get failureNotes(): readonly string[] {
    const texts = Object.entries(this.failures).map(([reason, count]) => `${reason}: ${count}`);
    return texts.length === 0 ? [] : [`failed: ${texts.join(", ")}`];
  }

  private table(): { head: readonly string[]; rows: readonly (readonly string[])[] } {
    return {
      head: ["answered by", "on", "requests", "share", "median", "99 %"],
      rows: this.replicas.map(({ name, machine, requests, share, median, p99 }) => [
        name,
        machine ?? "",
        String(requests),
        percent(share),
        formatDuration(Math.round(median)),
        formatDuration(Math.round(p99)),
      ]),
    };
  }
}

function keyOf({ name, machine }: Replica): string {
  return `${name}\n${machine ?? ""}`;
}

function byName(a: Replica, b: Replica): number {
  return a.name.localeCompare(b.name, "en", { numeric: true }) || keyOf(a).localeCompare(keyOf(b), "en");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** The nearest-rank quantile. */
function quantileOf(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

function replicaLoad(replica: Replica, latencies: readonly number[], all: number): ReplicaLoad {
  const sorted = Float64Array.from(latencies).sort();
  return {
    ...replica,
    requests: sorted.length,
    share: sorted.length / all,
    median: quantileOf(sorted, 0.5),
    p99: quantileOf(sorted, 0.99),
  };
}

function failuresOf({ failure, reasons }: LoadRecord): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of failure) {
    if (reason === NONE) continue;
    const text = reasons[reason]!;
    counts[text] = (counts[text] ?? 0) + 1;
  }
  return counts;
}

function pathsOf(
  { record, entries }: LoadFacts,
  replicas: readonly Replica[],
  placeOf: readonly number[],
): readonly LoadPath[] {
  const counts = new Array<number>(entries.length * replicas.length).fill(0);
  for (const [i, server] of record.server.entries())
    if (server !== NONE) counts[record.url[i]! * replicas.length + placeOf[server]!]!++;
  return counts.map((requests, i) => {
    const entry = entries[Math.floor(i / replicas.length)]!;
    return {
      entry: entry.host,
      entryMachine: entry.machine,
      replica: replicas[i % replicas.length]!,
      requests,
    };
  });
}

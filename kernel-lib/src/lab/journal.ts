import type { Nanoseconds } from "../base/units.js";
import { type CableFigures, checkCableFigures } from "../link/cable-figures.js";
import type { NicFault } from "../link/nic-fault.js";
import type { LabPlan } from "./plan.js";
import type { Underlay } from "./preset.js";
import type { SwarmNodes } from "./swarm-preset.js";

/** How a lab was begun: with the entries after it, all that a replay needs. */
export interface JournalHeader {
  readonly format: "hopbook-journal";
  readonly version: 1;
  /** A preset with the options that were given, or in its place the {@link plan}. */
  readonly preset?: string;
  readonly hosts?: number;
  readonly underlay?: Underlay;
  readonly nodes?: SwarmNodes;
  readonly managers?: readonly string[];
  readonly ingress?: string;
  readonly joined?: boolean;
  readonly plan?: LabPlan;
  readonly docker: string;
  readonly seed: number;
  /** daemon.json of the Docker hosts at their first start. */
  readonly daemon?: Readonly<Record<string, unknown>>;
}

/** One change of a lab. `at` is the virtual time at which it began. */
export type JournalEntry =
  /** A command given as words, without a shell. */
  | {
      readonly kind: "exec";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly argv: readonly string[];
      readonly stdin?: string;
    }
  /** A line of bash in the machine's session. */
  | {
      readonly kind: "sh";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly line: string;
      readonly stdin?: string;
    }
  /** A command that goes on in the background, by number, and its end. */
  | {
      readonly kind: "start";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly job: number;
      readonly argv: readonly string[];
    }
  | { readonly kind: "stop"; readonly at: Nanoseconds; readonly job: number }
  /** Time passes. */
  | { readonly kind: "wait"; readonly at: Nanoseconds; readonly duration: Nanoseconds }
  /** A cable's figures change: in one direction, that of what `from` sends, or in both. */
  | {
      readonly kind: "cable";
      readonly at: Nanoseconds;
      readonly cable: string;
      readonly figures: Partial<CableFigures>;
      readonly from?: string;
    }
  /** A network card gets a fault, or loses it. */
  | {
      readonly kind: "fault";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly device: string;
      readonly fault: NicFault;
      readonly on: boolean;
    }
  /** A load begins, on a machine or in a container of it; it goes on while other entries are done. */
  | {
      readonly kind: "load";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly container?: string;
      readonly load: number;
      readonly options: Readonly<Record<string, unknown>>;
    }
  /** Its end is waited for. */
  | { readonly kind: "load-end"; readonly at: Nanoseconds; readonly load: number }
  /** What a request costs a container, or those of a service. */
  | {
      readonly kind: "service-time";
      readonly at: Nanoseconds;
      readonly container: string;
      readonly time: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: "processors";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly count: number;
    }
  /** A user opens a WebSocket, on a machine or in a container of it, sends a text over it, and ends it. */
  | {
      readonly kind: "socket";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly container?: string;
      readonly socket: number;
      readonly url: string;
    }
  | {
      readonly kind: "socket-send";
      readonly at: Nanoseconds;
      readonly socket: number;
      readonly text: string;
    }
  | { readonly kind: "socket-close"; readonly at: Nanoseconds; readonly socket: number };

/** Everything that was done to a lab, in order, as plain JSON. */
export class Journal {
  private readonly list: JournalEntry[] = [];

  constructor(readonly header: JournalHeader) {}

  get entries(): readonly JournalEntry[] {
    return this.list;
  }

  append(entry: JournalEntry): void {
    this.list.push(entry);
  }

  toJSON(): JournalHeader & { readonly entries: readonly JournalEntry[] } {
    return { ...this.header, entries: this.list };
  }

  toString(): string {
    return JSON.stringify(this, null, 1);
  }
}

const ENTRY_FIELDS: Readonly<
  Record<JournalEntry["kind"], Readonly<Record<string, "string" | "number" | "boolean" | "words" | "object">>>
> = {
  exec: { at: "number", machine: "string", argv: "words" },
  sh: { at: "number", machine: "string", line: "string" },
  start: { at: "number", machine: "string", job: "number", argv: "words" },
  stop: { at: "number", job: "number" },
  wait: { at: "number", duration: "number" },
  cable: { at: "number", cable: "string", figures: "object" },
  fault: { at: "number", machine: "string", device: "string", fault: "string", on: "boolean" },
  load: { at: "number", machine: "string", load: "number", options: "object" },
  "load-end": { at: "number", load: "number" },
  "service-time": { at: "number", container: "string", time: "object" },
  processors: { at: "number", machine: "string", count: "number" },
  socket: { at: "number", machine: "string", socket: "number", url: "string" },
  "socket-send": { at: "number", socket: "number", text: "string" },
  "socket-close": { at: "number", socket: "number" },
};

/** Reads a journal's JSON text. Throws a RangeError that names the first wrong entry. */
export function parseJournal(text: string): Journal {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`not a journal: ${(error as Error).message}`);
  }
  const { entries, ...header } = (data ?? {}) as Partial<JournalHeader> & { entries?: unknown };
  if (header.format !== "hopbook-journal" || !Array.isArray(entries))
    throw new RangeError("not a hopbook journal");
  if (header.version !== 1)
    throw new RangeError(`a journal of version ${header.version}; this program reads version 1`);
  if (
    (typeof header.preset !== "string") === (header.plan === undefined) ||
    typeof header.docker !== "string" ||
    !Number.isSafeInteger(header.seed)
  ) {
    throw new RangeError("the journal does not say its preset (or plan), docker version and seed");
  }
  const { daemon } = header;
  if (daemon !== undefined && (typeof daemon !== "object" || daemon === null || Array.isArray(daemon)))
    throw new RangeError('the journal\'s "daemon" is not an object');
  const journal = new Journal(header as JournalHeader);
  for (const [i, entry] of entries.entries()) journal.append(checkEntry(entry, i + 1));
  return journal;
}

function checkEntry(entry: unknown, number: number): JournalEntry {
  const record = (entry ?? {}) as Record<string, unknown>;
  const fields = ENTRY_FIELDS[record.kind as JournalEntry["kind"]];
  if (fields === undefined)
    throw new RangeError(`journal entry ${number}: unknown kind ${JSON.stringify(record.kind)}`);
  for (const [name, type] of Object.entries(fields)) {
    const value = record[name];
    const right =
      type === "words"
        ? isWords(value)
        : typeof value === type &&
          value !== null &&
          (type !== "number" || (Number.isFinite(value) && (value as number) >= 0));
    if (!right)
      throw new RangeError(`journal entry ${number} (${record.kind}): "${name}" is missing or wrong`);
  }
  if (record.stdin !== undefined && typeof record.stdin !== "string")
    throw new RangeError(`journal entry ${number}: "stdin" is wrong`);
  if (record.kind === "cable") {
    checkCableFigures(record.figures as Record<string, unknown>, record.cable as string);
    if (record.from !== undefined && typeof record.from !== "string")
      throw new RangeError(`journal entry ${number}: "from" is wrong`);
  }
  return record as unknown as JournalEntry;
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === "string");
}

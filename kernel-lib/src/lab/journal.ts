import type { Nanoseconds } from "../base/units.js";
import type { CableFigures } from "../link/cable-figures.js";
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
  /** Of a task's lab: the entries are what came after its preparation. */
  readonly task?: TaskHeader;
}

/** Which task a lab was opened for, and for whom. */
export interface TaskHeader {
  readonly assignment: string;
  readonly name: string;
  /** Whose variant it is. */
  readonly student: string;
  /** The preparation, folded up as it stands in the notebook: a replay begins with it. */
  readonly sealed: string;
}

/** What a student may answer: a word, a number, yes or no, or a list of these. */
export type AnswerValue = string | number | boolean | readonly (string | number | boolean)[];

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
  | { readonly kind: "socket-close"; readonly at: Nanoseconds; readonly socket: number }
  /** A check's command, given as words. Node programs may answer it. */
  | {
      readonly kind: "probe";
      readonly at: Nanoseconds;
      readonly machine: string;
      readonly argv: readonly string[];
    }
  /** In a task: an answer in words, which takes the place of an earlier one to the same question. */
  | {
      readonly kind: "answer";
      readonly at: Nanoseconds;
      readonly question: string;
      readonly value: AnswerValue;
    }
  /** In a task: a hint was read. */
  | { readonly kind: "hint"; readonly at: Nanoseconds; readonly number: number };

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

  /** Begins anew with the lab as it is: what was done so far is a task's preparation. @internal */
  restart(): void {
    this.list.length = 0;
  }

  toJSON(): JournalHeader & { readonly entries: readonly JournalEntry[] } {
    return { ...this.header, entries: this.list };
  }

  toString(): string {
    return JSON.stringify(this, null, 1);
  }
}

import type { Assignment } from "../assignment/assignment.js";
import type { CheckResult } from "../result.js";

/** A journal that left the sandbox: of which task it says to be, and its entries as they were told, each as the text of its JSON. */
export interface OpenedTask {
  readonly name: string;
  readonly entries: readonly string[];
}

/** What the replayer is given on its standard input. */
export interface ReplayInput {
  readonly assignment: Assignment;
  readonly student: string;
  readonly opened: readonly OpenedTask[];
}

/** One of the opened tasks, graded. */
export interface Graded {
  /** Its place in {@link ReplayInput.opened}. */
  readonly opened: number;
  readonly task: string;
  readonly points: number;
  readonly hints: readonly number[];
  readonly answers: Readonly<Record<string, unknown>>;
  readonly checks: readonly CheckResult[];
  readonly fingerprint: readonly string[];
  readonly warnings: readonly string[];
}

/** What the replayer tells, a line of JSON each. It runs no student's code, so that it is believed. */
export type ReplayMessage =
  /** It has started, and read its input. */
  | { readonly kind: "ready" }
  | ({ readonly kind: "graded" } & Graded)
  /** The teacher's part failed: a task cannot be made. */
  | { readonly kind: "failed"; readonly reason: string };

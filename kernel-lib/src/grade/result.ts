/** How one check of a task came out. `error`: it could not be asked, for instance because the lab's replay came to no end. */
export type CheckStatus = "pass" | "fail" | "error";

export interface CheckResult {
  /** Unique in the assignment. */
  readonly id: string;
  readonly title: string;
  /** Not in the student's notebook: its message is for the teacher. */
  readonly hidden: boolean;
  /** 0 or {@link maxPoints}. */
  readonly points: number;
  readonly maxPoints: number;
  readonly status: CheckStatus;
  /** What was expected and seen; not there for a check that passed. */
  readonly message?: string;
}

/** One task of an assignment: the best of the labs in which the student worked on it. */
export interface TaskResult {
  readonly name: string;
  readonly points: number;
  readonly maxPoints: number;
  /** How often the notebook opened it. */
  readonly opened: number;
  /** Numbers of the hints that were asked for, each once. They cost nothing. */
  readonly hints: readonly number[];
  /** Answers by name: the last one given. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly checks: readonly CheckResult[];
}

/** A free text that a person grades. */
export interface ManualCell {
  readonly id: string;
  readonly title: string;
  readonly maxPoints: number;
  readonly text: string;
}

/** One code cell as it ran in the sandbox. */
export interface CellRun {
  /** Its place among all cells of the notebook, from 0. */
  readonly index: number;
  /** `cut`: it was running when a limit was reached. `skipped`: it did not run any more. */
  readonly status: "ok" | "error" | "cut" | "skipped";
  /** What it printed, without control characters, and cut. Student's text: escape it before it is shown. */
  readonly text: string;
}

/** The grade of one submission. Points come from the replay of the journals alone. */
export interface SubmissionResult {
  readonly format: "hopbook-result";
  readonly version: 1;
  /** The assignment's name. */
  readonly assignment: string;
  readonly student: string;
  /** `failed`: nothing could be graded, and {@link reason} says why (no notebook, another kernel). It has 0 points. */
  readonly status: "graded" | "failed";
  readonly reason?: string;
  readonly points: number;
  /** Points of the checks; those that a person gives are in {@link manual}. */
  readonly maxPoints: number;
  readonly tasks: readonly TaskResult[];
  readonly manual: readonly ManualCell[];
  readonly cells: readonly CellRun[];
  /** For the teacher: limits that were reached, a journal that was refused, a sandbox that is weaker. */
  readonly warnings: readonly string[];
  /** What the student did, one text an entry, without what differs between two students' labs: for comparing journals. */
  readonly fingerprint: readonly string[];
}

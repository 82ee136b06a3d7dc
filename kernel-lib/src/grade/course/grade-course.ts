import { readFileSync } from "node:fs";
import { sha256 } from "../../base/sha256.js";
import type { Assignment } from "../assignment/assignment.js";
import { Gradebook, type Waiting } from "../database/gradebook.js";
import { idOnRoster, type Roster, readRoster } from "../intake/roster.js";
import { type Found, submissionsIn } from "../intake/submissions.js";
import type { Stray } from "../intake/zip.js";
import type { HiddenWords } from "../report/hidden.js";
import type { Lms } from "../report/lms.js";
import { writeReports } from "../report/write-reports.js";
import type { SubmissionResult } from "../result.js";
import { failedResult } from "../result-of.js";
import { type GradeAll, type Grading, MOST_BEGINNINGS } from "./graders.js";

/** A step of grading, for who looks on. */
export type CourseStep =
  | {
      readonly kind: "taken";
      readonly submissions: number;
      readonly graded: number;
      readonly changed: number;
    }
  | {
      readonly kind: "graded";
      readonly done: number;
      readonly total: number;
      readonly result: SubmissionResult;
    }
  | { readonly kind: "reports"; readonly done: number; readonly total: number };

export interface CourseOptions {
  readonly assignment: Assignment;
  /** Folder, ZIP file or notebook with what was handed in. */
  readonly from: string;
  /** The student of a single notebook, when its name is not the student's. */
  readonly student?: string | undefined;
  /** Folder of the grades. */
  readonly out: string;
  readonly gradeAll: GradeAll;
  readonly hidden: HiddenWords;
  /** Text of the roster's file. */
  readonly roster?: string | undefined;
  readonly lms: readonly Lms[];
  /** Takes the grades of these students back first; `all` of everybody. */
  readonly regrade?: readonly string[] | "all" | undefined;
  readonly onStep?: (step: CourseStep) => void;
  readonly signal: AbortSignal;
}

export interface CourseResult {
  readonly submissions: number;
  readonly graded: number;
  /** Of this run; the others had a grade already. */
  readonly gradedNow: number;
  readonly troubles: readonly { readonly student: string; readonly reason: string }[];
  readonly strays: readonly Stray[];
  /** Points of the only submission, where there is one. */
  readonly only: SubmissionResult | null;
}

/**
 * Grades a class: takes in what was handed in, grades what has no grade, writes the reports. Ended at any moment and run again it goes on where it was: a grade that
 * was given stays, and none is given twice.
 */
export async function gradeCourse(options: CourseOptions): Promise<CourseResult> {
  const gradebook = Gradebook.open(options.out);
  try {
    sameAssignment(gradebook, options);
    const roster = rosterOf(gradebook, options.roster);
    const strays = await takeIn(gradebook, options, roster);
    const course = new Course(gradebook, options);
    await course.grade();
    if (options.signal.aborted) throw new Error("ended; what was graded is kept, run it again to go on");
    gradebook.setFact("strays", JSON.stringify(strays));
    await reports(gradebook, options, roster, strays);
    const counts = gradebook.counts();
    const only = counts.submissions === 1 ? ([...gradebook.grades()][0]?.result ?? null) : null;
    return { ...counts, gradedNow: course.gradedNow, troubles: course.troubles, strays, only };
  } finally {
    gradebook.close();
  }
}

/** Writes the reports of grades that were given before. */
export async function rewriteReports(
  options: Pick<CourseOptions, "assignment" | "out" | "hidden" | "lms" | "onStep">,
): Promise<number> {
  const gradebook = Gradebook.open(options.out);
  try {
    const strays = JSON.parse(gradebook.fact("strays") ?? "[]") as Stray[];
    await reports(gradebook, options, rosterOf(gradebook, undefined), strays);
    return gradebook.counts().graded;
  } finally {
    gradebook.close();
  }
}

async function reports(
  gradebook: Gradebook,
  {
    assignment,
    out,
    hidden,
    lms,
    onStep,
  }: Pick<CourseOptions, "assignment" | "out" | "hidden" | "lms" | "onStep">,
  roster: Roster | null,
  strays: readonly Stray[],
): Promise<void> {
  const onStudent = (done: number, total: number) => onStep?.({ kind: "reports", done, total });
  await writeReports(gradebook, assignment, { out, hidden, roster, lms, strays, onStudent });
}

/** The text of an assignment and who has which variant decide the grades: two of them never share a gradebook without being told to. */
export function editionOf({ path, variants }: Pick<Assignment, "path" | "variants">): string {
  return sha256(Buffer.concat([readFileSync(path), Buffer.from(variants)]));
}

function sameAssignment(gradebook: Gradebook, { assignment, regrade, out }: CourseOptions): void {
  const name = gradebook.fact("assignment");
  if (name !== null && name !== assignment.name)
    throw new Error(`${out} has the grades of ${name}: name another folder with --out`);
  const edition = editionOf(assignment);
  const before = gradebook.fact("edition");
  if (before !== null && before !== edition && regrade !== "all" && gradebook.counts().graded > 0)
    throw new Error(
      `${assignment.name} has changed since grades were given: take them back with --regrade all, or name another folder with --out`,
    );
  if (regrade === "all") gradebook.forget();
  else for (const student of regrade ?? []) gradebook.forget(student);
  gradebook.setFact("assignment", assignment.name);
  gradebook.setFact("edition", edition);
}

function rosterOf(gradebook: Gradebook, text: string | undefined): Roster | null {
  if (text !== undefined) gradebook.setFact("roster", text);
  const known = text ?? gradebook.fact("roster");
  return known === null ? null : readRoster(known);
}

async function takeIn(gradebook: Gradebook, options: CourseOptions, roster: Roster | null): Promise<Stray[]> {
  const { from, assignment, onStep } = options;
  const strays: Stray[] = [];
  let changed = 0;
  for await (const found of submissionsIn(from, assignment.name, options.student)) {
    if ("stray" in found) strays.push(found.stray);
    else if (gradebook.take(onRoster(found, roster)) === "changed") changed++;
  }
  const { submissions, graded } = gradebook.counts();
  if (submissions === 0) throw new Error(`no submission is in ${from}`);
  onStep?.({ kind: "taken", submissions, graded, changed });
  return strays;
}

/** The student's own id in the place of the LMS's number. */
function onRoster(found: Exclude<Found, { stray: Stray }>, roster: Roster | null): typeof found {
  const student = roster === null ? null : idOnRoster(roster, found);
  return student === null ? found : { ...found, student };
}

/** One run over the submissions that wait. */
class Course implements Grading {
  readonly run: string;
  readonly waiting: readonly Waiting[];
  readonly troubles: { student: string; reason: string }[] = [];
  gradedNow = 0;

  constructor(
    private readonly gradebook: Gradebook,
    private readonly options: CourseOptions,
  ) {
    this.run = gradebook.fact("run")!;
    this.waiting = gradebook.waiting().filter((waiting) => this.needsGrader(waiting));
  }

  async grade(): Promise<void> {
    if (this.waiting.length > 0) await this.options.gradeAll(this, this.options.signal);
  }

  begin({ student }: Waiting): number {
    return this.gradebook.begin(student);
  }

  finish({ student, sha256, warnings }: Waiting, result: SubmissionResult, by: string): void {
    const whole = { ...result, student, warnings: [...warnings, ...result.warnings] };
    if (!this.gradebook.grade(student, sha256, whole, by)) return;
    this.gradedNow++;
    const { graded, submissions } = this.gradebook.counts();
    this.options.onStep?.({ kind: "graded", done: graded, total: submissions, result: whole });
  }

  trouble({ student }: Waiting, reason: string): void {
    this.troubles.push({ student, reason });
  }

  /** What cannot be graded has its result at once. */
  private needsGrader(waiting: Waiting): boolean {
    const often = `the grader ended ${waiting.attempts} times while it had this notebook; a person must look at it`;
    const reason = waiting.refusal ?? (waiting.attempts >= MOST_BEGINNINGS ? often : null);
    if (reason === null) return true;
    this.finish(waiting, failedResult(this.options.assignment, waiting.student, reason), "intake");
    return false;
  }
}

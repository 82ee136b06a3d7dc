import type { CheckResult, SubmissionResult } from "../result.js";
import { type HiddenWords, shownChecks } from "./hidden.js";

/** A result as Exercism's test runners write it (its “test runner interface”, version 3). */
export interface ExercismResult {
  readonly version: 3;
  readonly status: "pass" | "fail" | "error";
  /** There only for `error`. */
  readonly message?: string;
  readonly tests: readonly ExercismTest[];
}

interface ExercismTest {
  readonly name: string;
  readonly status: "pass" | "fail" | "error";
  readonly message?: string;
  /** The task's number, from 1. */
  readonly task_id: number;
}

/** The longest message that the interface takes. */
const LONGEST = 65_535;

/** `error` is for a submission of which nothing could be asked; else all shown checks decide. */
export function exercismResult(result: SubmissionResult, hidden: HiddenWords): ExercismResult {
  const tests = result.tasks.flatMap((task, i) =>
    shownChecks(task, hidden).checks.map((check) => testOf(check, i + 1)),
  );
  if (result.status === "failed" || tests.every(({ status }) => status === "error")) {
    const message = result.reason ?? tests.find((test) => test.message)?.message ?? "no check could be asked";
    return { version: 3, status: "error", message: message.slice(0, LONGEST), tests };
  }
  return { version: 3, status: tests.every(({ status }) => status === "pass") ? "pass" : "fail", tests };
}

function testOf({ title, status, message }: CheckResult, task_id: number): ExercismTest {
  const told = message === undefined || status === "pass" ? {} : { message: message.slice(0, LONGEST) };
  return { name: title, status, ...told, task_id };
}

import type { Assignment } from "./assignment/assignment.js";
import type { Graded, OpenedTask } from "./replay/messages.js";
import { unasked } from "./replay/run-checks.js";
import type { SubmissionResult, TaskResult } from "./result.js";

/** A result in which nothing could be graded. */
export function failedResult(assignment: Assignment, student: string, reason: string): SubmissionResult {
  return { ...resultOf(assignment, student, [], [], ""), status: "failed", reason };
}

/**
 * The result of what was opened and graded. Of a task that was opened more than once the best counts, and of equal ones that in which more was done. `unfinished` says why an opened task
 * was not graded.
 */
export function resultOf(
  assignment: Assignment,
  student: string,
  opened: readonly OpenedTask[],
  graded: readonly Graded[],
  unfinished: string,
): SubmissionResult {
  const tasks: TaskResult[] = [];
  const warnings: string[] = [];
  const fingerprint: string[] = [];
  for (const name of assignment.tasks) {
    const times = opened.filter((one) => one.name === name).length;
    const all = graded.filter(({ task }) => task === name);
    const best = all.reduce<Graded | null>((a, b) => (a !== null && a.points >= b.points ? a : b), null);
    const checks =
      best?.checks ??
      (times === 0
        ? unasked(assignment.cells, name, "fail", "the notebook never opened this task")
        : unasked(assignment.cells, name, "error", unfinished));
    const points = checks.reduce((sum, check) => sum + check.points, 0);
    const maxPoints = checks.reduce((sum, check) => sum + check.maxPoints, 0);
    const hints = [...new Set(all.flatMap((one) => one.hints))].sort((a, b) => a - b);
    tasks.push({ name, points, maxPoints, opened: times, hints, answers: best?.answers ?? {}, checks });
    fingerprint.push(...(best?.fingerprint ?? []));
    warnings.push(...(best?.warnings ?? []).map((warning) => `${name}: ${warning}`));
  }
  const points = tasks.reduce((sum, task) => sum + task.points, 0);
  return {
    ...{ format: "hopbook-result", version: 1, assignment: assignment.name, student, status: "graded" },
    ...{ points, maxPoints: assignment.maxPoints, tasks, manual: [], cells: [], warnings, fingerprint },
  };
}

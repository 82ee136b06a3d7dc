import type { Assignment } from "../assignment/assignment.js";
import type { SubmissionResult } from "../result.js";

/** The result of a submission of which nothing could be graded. */
export function failedResult(
  { name, maxPoints }: Pick<Assignment, "name" | "maxPoints">,
  student: string,
  reason: string,
  warnings: readonly string[] = [],
): SubmissionResult {
  return {
    format: "hopbook-result",
    version: 1,
    assignment: name,
    student,
    status: "failed",
    reason,
    points: 0,
    maxPoints,
    tasks: [],
    manual: [],
    cells: [],
    warnings,
    fingerprint: [],
  };
}

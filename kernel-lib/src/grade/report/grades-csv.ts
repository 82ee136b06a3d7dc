import type { Assignment } from "../assignment/assignment.js";
import type { Graded } from "../database/gradebook.js";

const HEAD = ["student", "name", "status", "points", "max_points", "percent"];
const TAIL = ["manual_points_open", "hints", "warnings", "reason", "notebook"];

/** The rows of `grades.csv`: one for each student, with a column for each task. */
export function gradeRows(assignment: Assignment, grades: readonly Graded[]): (string | number)[][] {
  return [[...HEAD, ...assignment.tasks, ...TAIL], ...grades.map((graded) => gradeRow(assignment, graded))];
}

function gradeRow(assignment: Assignment, { student, name, source, result }: Graded): (string | number)[] {
  const tasks = assignment.tasks.map((task) => result.tasks.find((each) => each.name === task)?.points ?? 0);
  const hints = result.tasks.reduce((sum, task) => sum + task.hints.length, 0);
  return [
    ...[student, name, result.status, result.points, result.maxPoints],
    percent(result.points, result.maxPoints),
    ...tasks,
    result.manual.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
    hints,
    result.warnings.join("; "),
    result.reason ?? "",
    source,
  ];
}

/** With one decimal. */
export function percent(points: number, of: number): number {
  return of === 0 ? 0 : Math.round((points / of) * 1000) / 10;
}

/** Of a student on the roster who has handed in nothing. */
export function missingRow({ tasks, maxPoints }: Assignment, student: string): (string | number)[] {
  return [student, student, "missing", 0, maxPoints, 0, ...tasks.map(() => 0), 0, 0, "", "", ""];
}

import type { Graded } from "../database/gradebook.js";
import type { Roster } from "../intake/roster.js";
import { percent } from "./grades-csv.js";

export const LMS = ["moodle", "canvas"] as const;
export type Lms = (typeof LMS)[number];

type Rows = (string | number)[][];

/** The columns of Moodle's “grading worksheet” that its upload reads; it finds a row by the identifier. */
const MOODLE_HEAD = [
  "Identifier",
  "Full name",
  "Grade",
  "Maximum Grade",
  "Last modified (grade)",
  "Feedback comments",
];

/**
 * Grades for Moodle (“Upload grading worksheet”). With the worksheet as the roster every column of it stays, and its own maximum scales the points; without, the columns that Moodle needs.
 */
export function moodleRows(grades: readonly Graded[], roster: Roster | null): Rows {
  if (roster?.kind !== "moodle")
    return [
      MOODLE_HEAD,
      ...grades.map(({ student, name, result }) => [
        ...[participant(student), name, result.points, result.maxPoints, "-", comment(result)],
      ]),
    ];
  const at = (name: string): number => roster.head.findIndex((head) => head.toLowerCase() === name);
  const [grade, most, words] = [at("grade"), at("maximum grade"), at("feedback comments")];
  const known = new Map(grades.map((graded) => [graded.student, graded]));
  const rows = roster.rows.map(({ id, fields }) => {
    const row: (string | number)[] = [...fields];
    const result = known.get(id)?.result;
    if (result === undefined) return row;
    const maximum = Number.parseFloat(fields[most] ?? "");
    if (grade >= 0) row[grade] = scaled(result.points, result.maxPoints, maximum);
    if (words >= 0) row[words] = comment(result);
    return row;
  });
  return [[...roster.head], ...rows];
}

/** Moodle's name for a student where names are hidden; the number is in the names of the submissions. */
const participant = (student: string): string => (/^\d+$/.test(student) ? `Participant ${student}` : student);

function scaled(points: number, of: number, maximum: number): number {
  if (!(maximum > 0) || of === 0) return points;
  return Math.round((points / of) * maximum * 100) / 100;
}

function comment({ status, reason, points, maxPoints }: Graded["result"]): string {
  if (status === "failed") return `Nothing could be graded: ${reason ?? ""}`;
  return `${points} of ${maxPoints} points by checks (${percent(points, maxPoints)} %)`;
}

/** The columns that Canvas' gradebook import asks for before those of assignments. */
const CANVAS_HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"];
const POINTS_POSSIBLE = "    Points Possible";

/** Grades for Canvas (“Import” of the gradebook). With an export of the gradebook as the roster its students and its column for the assignment are used. */
export function canvasRows(
  title: string,
  maxPoints: number,
  grades: readonly Graded[],
  roster: Roster | null,
): Rows {
  const possible = [POINTS_POSSIBLE, "", "", "", "", maxPoints];
  if (roster?.kind !== "canvas")
    return [
      [...CANVAS_HEAD, title],
      possible,
      ...grades.map(({ student, name, result }) => [name, student, "", "", "", result.points]),
    ];
  const columns = CANVAS_HEAD.map((name) => roster.head.indexOf(name));
  const column = roster.head.find((head) => head === title || head.startsWith(`${title} (`)) ?? title;
  const known = new Map(grades.map((graded) => [graded.student, graded]));
  const rows = roster.rows.map(({ id, fields }) => [
    ...columns.map((place) => (place < 0 ? "" : (fields[place] ?? ""))),
    known.get(id)?.result.points ?? "",
  ]);
  return [[...CANVAS_HEAD, column], possible, ...rows];
}

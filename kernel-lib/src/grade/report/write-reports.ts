import { join } from "node:path";
import type { Assignment } from "../assignment/assignment.js";
import type { Gradebook, Graded } from "../database/gradebook.js";
import { csvText } from "../intake/csv.js";
import type { Roster } from "../intake/roster.js";
import type { Stray } from "../intake/zip.js";
import { exercismResult } from "./exercism.js";
import { feedbackPage } from "./feedback.js";
import { gradeRows, missingRow } from "./grades-csv.js";
import type { HiddenWords } from "./hidden.js";
import { canvasRows, type Lms, moodleRows } from "./lms.js";
import { similarPairs } from "./similarity.js";
import { ClassStatistics } from "./statistics.js";
import { studentFolder } from "./student-folder.js";
import { summaryPage } from "./summary.js";
import { writeWhole } from "./write-file.js";

export interface ReportOptions {
  readonly out: string;
  readonly hidden: HiddenWords;
  readonly roster: Roster | null;
  /** Tables for these; those that the submissions or the roster came from are written as well. */
  readonly lms: readonly Lms[];
  readonly strays: readonly Stray[];
  readonly onStudent?: (done: number, total: number) => void;
}

/** Writes everything that is made from the grades. The same grades give the same files, so a run that was ended is only run again. */
export async function writeReports(
  gradebook: Gradebook,
  assignment: Assignment,
  options: ReportOptions,
): Promise<void> {
  const { out, hidden, roster, onStudent } = options;
  const statistics = new ClassStatistics();
  const grades: Graded[] = [];
  const { graded: total } = gradebook.counts();
  for (const graded of gradebook.grades()) {
    const folder = join(out, "students", studentFolder(graded.student));
    writeWhole(join(folder, "results.json"), jsonText(exercismResult(graded.result, hidden)));
    writeWhole(join(folder, "feedback.html"), feedbackPage(assignment, graded, hidden));
    statistics.add(graded.result);
    grades.push(withoutTexts(graded));
    onStudent?.(grades.length, total);
  }
  writeTables(assignment, grades, options);
  const pairs = similarPairs(grades.map(({ result }) => result));
  writeWhole(
    join(out, "similarity.csv"),
    csvText([
      ["student", "other", "likeness", "rare_in_common"],
      ...pairs.map(({ students, likeness, rare }) => [...students, likeness, rare]),
    ]),
  );
  const { strays } = options;
  const unknown = roster === null ? [] : notOnRoster(grades, roster);
  const summary = { assignment, statistics, pairs, strays: [...strays, ...unknown], folder: studentFolder };
  writeWhole(join(out, "summary.html"), await summaryPage(summary));
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What the tables need: 3,000 notebooks with their outputs need not be in memory at once. */
function withoutTexts(graded: Graded): Graded {
  return { ...graded, notebook: null, result: { ...graded.result, cells: [] } };
}

function writeTables(assignment: Assignment, grades: readonly Graded[], options: ReportOptions): void {
  const { out, roster, lms } = options;
  const known = new Set(grades.map(({ student }) => student));
  const missing = (roster?.rows ?? []).filter(({ id }) => !known.has(id));
  const rows = [...gradeRows(assignment, grades), ...missing.map(({ id }) => missingRow(assignment, id))];
  writeWhole(join(out, "grades.csv"), csvText(rows));
  const wants = (name: Lms): boolean =>
    lms.includes(name) || roster?.kind === name || grades.some(({ layout }) => layout === name);
  if (wants("moodle")) writeWhole(join(out, "moodle.csv"), csvText(moodleRows(grades, roster)));
  if (wants("canvas")) {
    const { title, maxPoints } = assignment;
    writeWhole(join(out, "canvas.csv"), csvText(canvasRows(title, maxPoints, grades, roster)));
  }
}

function notOnRoster(grades: readonly Graded[], { rows }: Roster): Stray[] {
  const known = new Set(rows.map(({ id }) => id));
  return grades
    .filter(({ student }) => !known.has(student))
    .map(({ student, source }) => ({
      path: source,
      reason: `graded, but “${student}” is not on the roster`,
    }));
}

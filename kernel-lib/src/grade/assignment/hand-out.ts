import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Notebook, stringifyNotebook } from "../../base/notebook.js";
import type { PreparedTask } from "../../lab/task/prepared-task.js";
import { csvText } from "../intake/csv.js";
import { writeWhole } from "../report/write-file.js";
import { type Assignment, variantOf } from "./assignment.js";
import { leaks } from "./leaks.js";
import { makeTasks } from "./make-tasks.js";
import { studentNotebook, teacherNotebook } from "./notebooks.js";
import { rehearse } from "./rehearse.js";
import { checkStudentId } from "./roster-ids.js";

export interface HandOutOptions {
  readonly students: readonly string[];
  /** The folder, which may hold an earlier hand-out of the same assignment. */
  readonly out: string;
  /** False takes the teacher's word that the assignment works. */
  readonly rehearse?: boolean;
  /** Writes over notebooks that are there and are not what would be written. */
  readonly force?: boolean;
  readonly onStudent?: (done: number, total: number) => void;
}

export interface HandOut {
  /** Paths of what was written. */
  readonly notebooks: readonly string[];
  readonly teacher: string;
  /** How many variants were tried out. */
  readonly rehearsed: number;
}

/**
 * Makes the notebooks of a class: `students/STUDENT/NAME.ipynb`, `teacher/NAME.ipynb` and `variants.csv`. Before the first is written each kind of fault
 * has been tried out. Throws an Error for an assignment that is not good, a notebook that would tell too much, and a file that would be lost.
 */
export async function handOut(assignment: Assignment, options: HandOutOptions): Promise<HandOut> {
  const { students, out } = options;
  if (students.length === 0) throw new Error("there is no student to make it for");
  const tried = new Set<string>();
  const files = new Map<string, string>();
  const table: string[][] = [["student", "task", "facts", "secret"]];
  const made = new Map<string, { readonly tasks: PreparedTask[]; readonly text: string }>();
  let teacher: Notebook | null = null;
  students.forEach(checkStudentId);
  for (const [i, student] of students.entries()) {
    const variant = variantOf(assignment, student);
    const known = made.get(variant) ?? (await makeOne(assignment, variant, tried, options.rehearse ?? true));
    if (assignment.variants === "everyone") made.set(variant, known);
    teacher ??= await teacherNotebook(assignment, known.tasks);
    files.set(join(out, "students", student, `${assignment.name}.ipynb`), known.text);
    for (const { task, facts, secret } of known.tasks)
      table.push([student, task, JSON.stringify(facts), JSON.stringify(secret)]);
    options.onStudent?.(i + 1, students.length);
  }
  if (options.force !== true) refuseLoss(files);
  for (const [path, text] of files) writeWhole(path, text);
  const path = join(out, "teacher", `${assignment.name}.ipynb`);
  writeWhole(path, stringifyNotebook(teacher!));
  writeWhole(join(out, "variants.csv"), csvText(table));
  writeWhole(
    join(out, "assignment.json"),
    `${JSON.stringify(aboutHandOut(assignment, students), null, 1)}\n`,
  );
  return { notebooks: [...files.keys()], teacher: path, rehearsed: tried.size };
}

/** What a grader of another day may want to know. */
function aboutHandOut(assignment: Assignment, students: readonly string[]): object {
  const { name, title, variants, maxPoints, manualPoints, path } = assignment;
  const source = createHash("sha256").update(readFileSync(path)).digest("hex");
  return {
    ...{ format: "hopbook-assignment", version: 1, assignment: name, title, variants },
    ...{ maxPoints, manualPoints, source, students },
  };
}

async function makeOne(
  assignment: Assignment,
  variant: string,
  tried: Set<string>,
  tryOut: boolean,
): Promise<{ readonly tasks: PreparedTask[]; readonly text: string }> {
  const tasks = await makeTasks(assignment, variant);
  // Students with the same fault differ in addresses only.
  const kind = JSON.stringify(tasks.map(({ secret }) => secret));
  if (tryOut && !tried.has(kind)) {
    const { problems } = await rehearse(assignment, tasks);
    refuse(`the assignment is not good (variant of “${variant}”)`, problems);
    tried.add(kind);
  }
  const notebook = await studentNotebook(assignment, tasks);
  refuse("a student's notebook would tell too much", leaks(assignment, notebook));
  return { tasks, text: stringifyNotebook(notebook) };
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${what}:\n${problems.map((text) => `  - ${text}`).join("\n")}`);
}

/** A notebook that somebody has worked in is not written over. */
function refuseLoss(files: ReadonlyMap<string, string>): void {
  const lost = [...files].find(([path, text]) => existsSync(path) && readFileSync(path, "utf8") !== text);
  if (lost !== undefined)
    throw new Error(`${lost[0]} is there already and is not what was handed out: --force writes over it`);
}

import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { progressBar } from "../base/progress-bar.js";
import { projectFolder } from "./folders.js";
import { assignmentOf } from "./grade-options.js";

interface AssignOptions {
  readonly students?: string;
  readonly student?: readonly string[];
  readonly out?: string;
  readonly nbgrader?: boolean;
  readonly sameForAll?: boolean;
  readonly rehearse: boolean;
  readonly force?: boolean;
}

/** `hopbook assign`: the notebooks of a chapter's assignment. */
export function assignCommand(): Command {
  return new Command("assign")
    .description("Make the notebooks of a chapter's assignment: one for each student, and the teacher's.")
    .argument("<chapter>", "a chapter with an assignment.md (03-vxlan, or 03), or the path of such a file")
    .option("--students <file>", "a list: one id a line, or a CSV file of Moodle, Canvas or your own")
    .option("--student <id...>", "students by id, in place of a list or beside it")
    .option("--out <folder>", "folder for the notebooks (default: dist/assign/CHAPTER)")
    .option("--same-for-all", "all students get the same variant: grade with the same option")
    .option(
      "--nbgrader",
      "a course folder for nbgrader in place of students' notebooks: all get the same variant",
    )
    .option("--no-rehearse", "do not try out whether the solution has all points and an empty answer none")
    .option("--force", "write over notebooks that are there and have been changed")
    .addHelpText(
      "after",
      "\nExamples:\n  hopbook assign 03-vxlan --student ada grace --out /tmp/course\n  hopbook assign 03-vxlan --students class.csv --out course\n  hopbook assign 03-vxlan --nbgrader --out course",
    )
    .action(assign);
}

async function assign(chapter: string, options: AssignOptions): Promise<void> {
  const { handOut, handOutToNbgrader, readAssignment, rosterIds } = await import(
    "../grade/assignment/index.js"
  );
  const root = projectFolder();
  const shared = options.sameForAll === true || options.nbgrader === true;
  const assignment = existsSync(chapter)
    ? readAssignment(chapter, shared ? "everyone" : "each")
    : await assignmentOf(chapter, shared);
  const out = resolve(options.out ?? join(root, "dist/assign", assignment.name));
  const common = { out, rehearse: options.rehearse, force: options.force === true };
  const show = (file: string) => relative(process.cwd(), file) || ".";
  if (options.nbgrader === true) {
    if (options.students !== undefined || options.student !== undefined)
      throw new Error("nbgrader has its own list of students: leave --students and --student out");
    for (const file of await handOutToNbgrader(assignment, common)) console.log(show(file));
    return;
  }
  const listed = options.students === undefined ? [] : rosterIds(readFileSync(options.students, "utf8"));
  const students = [...new Set([...listed, ...(options.student ?? [])])];
  if (students.length === 0) throw new Error("say for whom: --students FILE or --student ID");
  const made = await handOut(assignment, { ...common, students, onStudent: showProgress });
  const points = `${assignment.maxPoints} points${assignment.manualPoints > 0 ? ` and ${assignment.manualPoints} that you give` : ""}`;
  console.log(`${show(join(out, "students"))}: ${made.notebooks.length} notebooks, ${points}`);
  console.log(`${show(made.teacher)}: with the solutions, for the variant of “${students[0]}”`);
  if (made.rehearsed > 0)
    console.log(
      `tried out on ${made.rehearsed} kind${made.rehearsed === 1 ? "" : "s"} of fault: the solution has all points, an empty answer none`,
    );
}

function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${progressBar(done, total)} ${done}/${total}${done === total ? "\n" : ""}`);
}

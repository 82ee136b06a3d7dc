import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import type { CourseOptions, CourseResult, GradeAll, HiddenWords, Lms } from "../grade/index.js";
import {
  assignmentOf,
  gradeOneOf,
  jobsOption,
  noSandboxOption,
  type SandboxChoice,
  sameForAllOption,
  sandboxOption,
} from "./grade-options.js";
import { gradeProgress } from "./grade-progress.js";

interface GradeOptions {
  readonly assignment: string;
  readonly out?: string;
  readonly student?: string;
  readonly jobs: number;
  readonly sandbox?: SandboxChoice;
  readonly hidden: HiddenWords;
  readonly roster?: string;
  readonly lms?: Lms[];
  readonly regrade?: string[];
  readonly queue?: string;
  readonly requireFull?: boolean;
  readonly sameForAll?: boolean;
}

/** What students learn of hidden checks. */
export const hiddenOption = (): Option =>
  new Option("--hidden <what>", "what feedback says of hidden checks")
    .choices(["nothing", "count", "outcome", "message"])
    .default("count");

export const lmsOption = (): Option =>
  new Option(
    "--lms <name...>",
    "write a table for this LMS, too; the one that the files came from is written anyway",
  ).choices(["moodle", "canvas"]);

/** `hopbook grade`: a class's submissions to grades, feedback and a summary. */
export function gradeCommand(): Command {
  return new Command("grade")
    .description("Grade what students handed in. Run again, it goes on where it was.")
    .argument("<submissions>", "folder or ZIP file (Moodle's and Canvas' as well), or one notebook")
    .requiredOption("--assignment <chapter>", "which assignment: 03-vxlan, or 03")
    .option("--out <folder>", "folder of grades and feedback; grades/CHAPTER when left out")
    .option("--student <id>", "the student of a single notebook, when its name is not the student's")
    .addOption(sameForAllOption())
    .addOption(jobsOption())
    .addOption(sandboxOption())
    .addOption(noSandboxOption())
    .addOption(hiddenOption())
    .option(
      "--roster <file>",
      "CSV with the class: ids in the first column, or Moodle's worksheet, or Canvas' gradebook",
    )
    .addOption(lmsOption())
    .option("--regrade <student...>", "take grades back first: of these students, or `all`")
    .option("--queue <address>", "give the work to `hopbook grade-worker` processes through this Redis")
    .option(
      "--require-full",
      "status 1 unless every submission has all points (for a pipeline that grades one)",
    )
    .addHelpText(
      "after",
      "\nExample:\n  hopbook grade submitted/ --assignment 03-vxlan --out grades/03-vxlan\n  hopbook grade moodle.zip --assignment 03 --roster worksheet.csv",
    )
    .action(async (from: string, options: GradeOptions) => {
      const { gradeCourse, localGraders, queueGraders, editionOf } = await import("../grade/index.js");
      const assignment = await assignmentOf(options.assignment, options.sameForAll);
      const out = resolve(options.out ?? join("grades", assignment.name));
      const gradeAll: GradeAll =
        options.queue === undefined
          ? localGraders(await gradeOneOf(assignment, options.sandbox), options.jobs)
          : queueGraders({ url: options.queue, assignment, edition: editionOf(assignment) });
      const ended = new AbortController();
      const end = () => ended.abort();
      process.once("SIGINT", end).once("SIGTERM", end);
      const progress = gradeProgress(assignment.name, process.stderr);
      try {
        const course: CourseOptions = {
          assignment,
          from,
          out,
          gradeAll,
          signal: ended.signal,
          ...{ hidden: options.hidden, lms: options.lms ?? [], student: options.student },
          roster: options.roster === undefined ? undefined : readFileSync(options.roster, "utf8"),
          regrade: options.regrade?.includes("all") ? "all" : options.regrade,
          onStep: progress.step,
        };
        const result = await gradeCourse(course);
        progress.clear();
        report(result, out);
        if (result.troubles.length > 0 || (options.requireFull === true && !isFull(result)))
          process.exitCode = 1;
      } finally {
        progress.clear();
        process.off("SIGINT", end).off("SIGTERM", end);
      }
    });
}

function report({ submissions, graded, gradedNow, troubles, strays, only }: CourseResult, out: string): void {
  const folder = relative(process.cwd(), out) || ".";
  if (only !== null) {
    for (const task of only.tasks)
      for (const { status, title, hidden } of task.checks)
        if (!hidden) console.log(`${status === "pass" ? "holds" : "FAILS"}  ${task.name}: ${title}`);
    console.log(
      `${only.points} of ${only.maxPoints} points${only.reason === undefined ? "" : `: ${only.reason}`}`,
    );
  }
  console.log(`${graded} of ${submissions} submissions are graded, ${gradedNow} of them now`);
  for (const { path, reason } of strays) console.error(`passed over: ${path}: ${reason}`);
  for (const { student, reason } of troubles) console.error(`not graded: ${student}: ${reason}`);
  if (troubles.length > 0) console.error("Run the same command again to grade what is left.");
  for (const name of ["grades.csv", "summary.html"]) console.log(join(folder, name));
}

const isFull = ({ only, graded, submissions }: CourseResult): boolean =>
  graded === submissions && only !== null && only.points === only.maxPoints;

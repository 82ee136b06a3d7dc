import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import type { Assignment } from "../grade/assignment/assignment.js";
import type { GradeOne } from "../grade/index.js";
import { projectFolder } from "./folders.js";
import { wholeNumber } from "./numbers.js";

/** `--sandbox` and its short form that says what it is. */
export const sandboxOption = (): Option =>
  new Option(
    "--sandbox <kind>",
    "the wall around student code; the best that this machine has when left out",
  ).choices(["bubblewrap", "node"]);
export const noSandboxOption = (): Option =>
  new Option(
    "--no-sandbox",
    "run student code WITHOUT a wall: it can read, change and send everything that you can",
  );

/** Submissions at a time: one for each core. */
export const jobsOption = (): Option =>
  new Option("--jobs <n>", "submissions at a time")
    .argParser(wholeNumber(1, 256))
    .default(availableParallelism());

/** What commander makes of the two options: `--no-sandbox` is `false`. */
export type SandboxChoice = "bubblewrap" | "node" | boolean | undefined;

/** Grades one submission after the other in the sandbox that was asked for. */
export async function gradeOneOf(assignment: Assignment, choice: SandboxChoice): Promise<GradeOne> {
  const { gradeSubmission } = await import("../grade/grade-submission.js");
  const sandbox = choice === false ? "none" : typeof choice === "string" ? choice : undefined;
  return ({ student, notebook, signal }) =>
    gradeSubmission({ assignment, student, notebook, signal, ...(sandbox === undefined ? {} : { sandbox }) });
}

/** For a class in which all have the same variant. */
export const sameForAllOption = (): Option =>
  new Option(
    "--same-for-all",
    "all students had the same variant: `hopbook assign --same-for-all`, and nbgrader",
  );

/** The assignment of a chapter, by its name or the beginning of it (`03`). */
export async function assignmentOf(name: string, sameForAll = false): Promise<Assignment> {
  const { readAssignment } = await import("../grade/assignment/read-assignment.js");
  const folder = join(projectFolder(), "chapters");
  const chapters = readdirSync(folder).filter((chapter) =>
    existsSync(join(folder, chapter, "assignment.md")),
  );
  const found = chapters.filter((chapter) => chapter === name || chapter.startsWith(`${name}-`));
  if (found.length !== 1)
    throw new Error(`there is no assignment “${name}”; there are ${chapters.sort().join(", ")}`);
  return readAssignment(join(folder, found[0]!), sameForAll ? "everyone" : "each");
}

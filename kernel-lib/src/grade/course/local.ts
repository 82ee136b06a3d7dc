import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Waiting } from "../database/gradebook.js";
import type { SubmissionResult } from "../result.js";
import type { GradeAll, GradeOne, Grading } from "./graders.js";

/** Grades on this machine, `jobs` submissions at a time. */
export function localGraders(gradeOne: GradeOne, jobs: number): GradeAll {
  return async (grading, signal) => {
    const queue = [...grading.waiting];
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift())
        await gradeHere(gradeOne, next, grading, signal);
    };
    await Promise.all(Array.from({ length: jobs }, lane));
  };
}

async function gradeHere(
  gradeOne: GradeOne,
  waiting: Waiting,
  grading: Grading,
  signal: AbortSignal,
): Promise<void> {
  grading.begin(waiting);
  try {
    const result = await gradeText(gradeOne, waiting.student, waiting.notebook!, signal);
    if (!signal.aborted) grading.finish(waiting, result, `process ${process.pid}`);
  } catch (error) {
    if (!signal.aborted) grading.trouble(waiting, (error as Error).message);
  }
}

/** Grades a notebook that is a text: it stands in a file of its own while that lasts. */
export async function gradeText(
  gradeOne: GradeOne,
  student: string,
  text: string,
  signal: AbortSignal,
): Promise<SubmissionResult> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-grade-"));
  try {
    const notebook = join(folder, "submission.ipynb");
    writeFileSync(notebook, text);
    return await gradeOne({ student, notebook, signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import type { Notebook } from "../../../kernel-lib/src/base/notebook.js";
import type { GradeOne } from "../../../kernel-lib/src/grade/index.js";

/** The points that a notebook of the stand-in class is worth: the number in its only cell. */
export function pointsIn(notebook: string): number {
  const { cells } = JSON.parse(notebook) as Notebook;
  return Number([cells[0]!.source].flat().join(""));
}

/**
 * In the place of the sandbox: some milliseconds of work, so that a process can be killed in the middle of it, and a line in `log` when it ends. `unlucky` says which students' first
 * grading throws.
 */
export function standIn(log: string, unlucky: (student: string) => boolean = () => false): GradeOne {
  return async ({ student, notebook }) => {
    const points = pointsIn(readFileSync(notebook, "utf8"));
    let hash = Buffer.from(student);
    for (let i = 0; i < 4000; i++) {
      hash = createHash("sha256").update(hash).digest();
      // Other work of the process gets its turn, as it does while a sandbox runs.
      if (i % 400 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const before = readFileSync(log, { encoding: "utf8", flag: "a+" });
    appendFileSync(log, `${student}\n`);
    if (unlucky(student) && !before.includes(`${student}\n`)) throw new Error("the disk is full");
    return {
      ...{ format: "hopbook-result", version: 1, assignment: "03-vxlan", student, status: "graded" },
      ...{ points, maxPoints: 10, tasks: [], manual: [], cells: [], warnings: [], fingerprint: [] },
    };
  };
}

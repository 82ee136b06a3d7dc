import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTasks } from "../../../kernel-lib/src/grade/assignment/make-tasks.js";
import { teacherNotebook } from "../../../kernel-lib/src/grade/assignment/notebooks.js";
import { parseAssignment } from "../../../kernel-lib/src/grade/assignment/read-assignment.js";
import { gradeSubmission } from "../../../kernel-lib/src/grade/grade-submission.js";
import type { SubmissionResult } from "../../../kernel-lib/src/grade/result.js";
import type { Limits, SandboxKind } from "../../../kernel-lib/src/grade/sandbox/limits.js";
import { gradePrograms } from "../../support/grade-programs.js";

const FILE = fileURLToPath(new URL("assignment.md", import.meta.url));

/** What a submission may use here: a bomb is to end soon. */
const LIMITS: Partial<Limits> = { cpuSeconds: 4, wallSeconds: 120, memoryBytes: 500 * 2 ** 20 };

/** The sources of a notebook's code cells, by what they are for. */
export interface Cells {
  /** Opens the task of the student. */
  readonly setup: string;
  readonly repair: string;
  readonly forth: string;
  readonly mtu: string;
}

export interface Handed {
  /** The sources of the code cells that are handed in. */
  readonly cells: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** A small assignment and what is needed to grade it. */
export async function hostileCourse() {
  const assignment = parseAssignment("two-hosts", FILE, readFileSync(FILE, "utf8"));
  const programs = await gradePrograms();
  const folder = mkdtempSync(join(tmpdir(), "hopbook-hostile-"));
  let count = 0;

  /** The cells of a right solution of that student. */
  async function cellsOf(student: string): Promise<Cells> {
    const { cells } = await teacherNotebook(assignment, await makeTasks(assignment, student));
    const [setup, repair, forth, , mtu] = cells
      .filter(({ cell_type }) => cell_type === "code")
      .map(({ source }) => (typeof source === "string" ? source : source.join("")));
    return { setup: setup!, repair: repair!, forth: forth!, mtu: mtu! };
  }

  async function grade(
    { cells, limits }: Handed,
    sandbox: SandboxKind,
    student = "alice",
  ): Promise<SubmissionResult> {
    const notebook = join(folder, `${count++}.ipynb`);
    const code = cells.map((source) => ({
      cell_type: "code",
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    }));
    writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: code }));
    return gradeSubmission({
      ...{ assignment, student, notebook, sandbox, programs: programs.folder },
      limits: { ...LIMITS, ...limits },
    });
  }

  const remove = async () => {
    rmSync(folder, { recursive: true, force: true });
    await programs.remove();
  };
  return { assignment, cellsOf, grade, remove };
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { joinText, type Notebook, stringifyNotebook } from "../../base/notebook.js";
import type { Assignment } from "../../grade/assignment/assignment.js";
import { handOutToNbgrader, readAssignment } from "../../grade/assignment/index.js";
import { gradeSubmission } from "../../grade/grade-submission.js";
import { gradeCourse, localGraders } from "../../grade/index.js";
import { kernelInstall } from "../../jupyter/index.js";
import type { BenchFigure } from "./figure.js";

const ASSIGNMENT = "03-vxlan";
const SUBMISSIONS = 8;

/** Submissions a minute with one and with two at a time, and nbgrader's of the same notebooks: right solutions of chapter 3's assignment. */
export async function gradeFigures(root: string): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-bench-grade-"));
  try {
    const assignment = readAssignment(join(root, "chapters", ASSIGNMENT), "everyone");
    const from = await handIn(assignment, folder);
    const figures: BenchFigure[] = [];
    for (const jobs of [1, 2])
      figures.push(await ours(assignment, from, join(folder, `grades-${jobs}`), jobs));
    const theirs = nbgrader(root, folder);
    return theirs === null ? figures : [...figures, theirs];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A course folder as nbgrader has it, with solved notebooks under `submitted/`; all have the same variant, since nbgrader knows no other. */
async function handIn(assignment: Assignment, folder: string): Promise<string> {
  const [source] = await handOutToNbgrader(assignment, { out: folder, rehearse: false });
  const notebook = JSON.parse(readFileSync(source!, "utf8")) as Notebook;
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: joinText(cell.source).replace(/^.*(BEGIN|END) (SOLUTION|HIDDEN TESTS).*\n?/gm, ""),
  }));
  const text = stringifyNotebook({ ...notebook, cells } as Notebook);
  for (let i = 1; i <= SUBMISSIONS; i++) {
    const place = join(folder, "submitted", `student${i}`, assignment.name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${assignment.name}.ipynb`), text);
  }
  return join(folder, "submitted");
}

const perMinute = (start: number): number =>
  Math.round((SUBMISSIONS / ((performance.now() - start) / 60_000)) * 10) / 10;

async function ours(assignment: Assignment, from: string, out: string, jobs: number): Promise<BenchFigure> {
  const start = performance.now();
  const gradeAll = localGraders((job) => gradeSubmission({ ...job, assignment }), jobs);
  const { signal } = new AbortController();
  await gradeCourse({ assignment, from, out, gradeAll, hidden: "count", lms: [], signal });
  const name = `grading, ${jobs} at a time: sandbox, replay, checks, feedback`;
  return { name, value: perMinute(start), unit: "submissions a minute" };
}

/** Null where there is no nbgrader, or where it fails. */
function nbgrader(root: string, folder: string): BenchFigure | null {
  const program = [join(root, ".venv/bin"), ...(process.env.PATH ?? "").split(delimiter)]
    .map((place) => join(place, "nbgrader"))
    .find((path) => existsSync(path));
  if (program === undefined) return null;
  const jupyter = join(folder, "jupyter");
  kernelInstall({ path: jupyter });
  const PATH = [dirname(program), dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  const run = (...args: string[]): boolean =>
    spawnSync(program, args, {
      cwd: folder,
      stdio: "ignore",
      env: { ...process.env, PATH, JUPYTER_PATH: jupyter },
    }).status === 0;
  if (!run("generate_assignment", ASSIGNMENT)) return null;
  const start = performance.now();
  if (!run("autograde", ASSIGNMENT)) return null;
  return {
    name: "nbgrader autograde of the same notebooks",
    value: perMinute(start),
    unit: "submissions a minute",
  };
}

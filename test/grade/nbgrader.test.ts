import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joinText, type Notebook, stringifyNotebook } from "../../kernel-lib/src/base/notebook.js";
import { readNotebook } from "../../kernel-lib/src/book/index.js";
import {
  handOutToNbgrader,
  makeTasks,
  readAssignment,
  studentNotebook,
} from "../../kernel-lib/src/grade/assignment/index.js";
import { gradeSubmission } from "../../kernel-lib/src/grade/grade-submission.js";
import { kernelInstall } from "../../kernel-lib/src/jupyter/kernelspec.js";
import { ROOT, requireBuild, withFolderInRepository } from "../jupyter/kernel-under-test.js";
import { gradePrograms } from "../support/grade-programs.js";
import { describeWith } from "../support/requirement.js";

const python = process.env.HOPBOOK_PYTHON ?? join(ROOT, ".venv/bin/python");
const met = existsSync(python) && spawnSync(python, ["-c", "import nbgrader"]).status === 0;

const NAME = "02-port-mapping";

/** What three students write into the answer cells, by id; the rest stays as it was handed out. */
type Answers = (id: string, solution: string) => string | null;
const STUDENTS: Readonly<Record<string, Answers>> = {
  right: (_id, solution) => solution,
  // The first problem is mended and not named; of the second the client's door only.
  partial: (id, solution) => {
    if (id === "wrong-door-repair") return solution;
    if (id === "own-door-rules") return solution.replace(/^.*-A OUTPUT.*$/m, "");
    return null;
  },
  empty: () => null,
};

/** Scores by student and cell, as nbgrader's database has them. */
const SCORES = `
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///" + sys.argv[1]) as book:
    print(json.dumps({s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades} for s in book.assignment_submissions(sys.argv[2])}))
`;

describeWith("nbgrader", { met, reason: `${python} has no nbgrader (pip install nbgrader)` }, () => {
  const folder = withFolderInRepository();
  const assignment = readAssignment(join(ROOT, "chapters", NAME), "everyone");
  let scores: Readonly<Record<string, Readonly<Record<string, number | null>>>> = {};
  let programs: Awaited<ReturnType<typeof gradePrograms>> | null = null;
  const read = (...path: readonly string[]): Notebook =>
    readNotebook(readFileSync(join(folder(), ...path, `${NAME}.ipynb`), "utf8"));

  const run = (...args: readonly string[]): string => {
    const PATH = [dirname(python), process.env.PATH].join(delimiter);
    const env = { ...process.env, PATH, JUPYTER_PATH: join(folder(), "jupyter") };
    return execFileSync(python, args, {
      cwd: folder(),
      env,
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });
  };

  beforeAll(async () => {
    requireBuild();
    programs = await gradePrograms();
    kernelInstall({ path: join(folder(), "jupyter") });
    await handOutToNbgrader(assignment, { out: folder(), rehearse: false });
    run("-m", "nbgrader", "generate_assignment", NAME, "--create");
    const source = read("source", NAME);
    for (const [student, answers] of Object.entries(STUDENTS)) {
      const place = join(folder(), "submitted", student, NAME);
      mkdirSync(place, { recursive: true });
      const notebook = submission(read("release", NAME), source, answers);
      writeFileSync(join(place, `${NAME}.ipynb`), stringifyNotebook(notebook));
    }
    run("-m", "nbgrader", "autograde", NAME);
    scores = JSON.parse(run("-c", SCORES, join(folder(), "gradebook.db"), NAME)) as typeof scores;
  }, 300_000);

  afterAll(() => programs?.remove());

  it("makes of the source the notebook that hopbook hands out itself", async () => {
    const ours = await studentNotebook(assignment, await makeTasks(assignment, ""));
    const cells = ({ cells }: Notebook) =>
      cells.map(({ cell_type, source, metadata }) => [
        cell_type,
        joinText(source),
        metadata.nbgrader ?? null,
      ]);
    expect(cells(read("release", NAME))).toEqual(cells(ours));
  });

  it.each(Object.keys(STUDENTS))(
    "gives the notebook “%s” the points that hopbook gives",
    async (student) => {
      const notebook = join(folder(), "submitted", student, NAME, `${NAME}.ipynb`);
      const result = await gradeSubmission({ assignment, student, notebook, programs: programs!.folder });
      expect(result.status).toBe("graded");
      const points = result.tasks.flatMap(({ checks }) => checks.map(({ id, points }) => [id, points]));
      expect(Object.fromEntries(points)).toEqual(
        Object.fromEntries(points.map(([id]) => [id, scores[student]?.[id as string]])),
      );
      expect(result.points).toBe({ right: assignment.maxPoints, partial: 11, empty: 0 }[student]);
    },
    120_000,
  );

  it("writes feedback, with what each check found", () => {
    run("-m", "nbgrader", "generate_feedback", NAME);
    const page = readFileSync(join(folder(), "feedback/right", NAME, `${NAME}.html`), "utf8");
    expect(page).toContain("✓ client reaches");
  });
});

/** The handed-out notebook with the student's answers in it. */
function submission(release: Notebook, source: Notebook, answers: Answers): Notebook {
  const idOf = ({ metadata }: Notebook["cells"][number]) =>
    (metadata.nbgrader as { grade_id?: string } | undefined)?.grade_id ?? "";
  const cells = release.cells.map((cell) => {
    const known = cell.metadata.nbgrader as { solution?: boolean } | undefined;
    if (known?.solution !== true || cell.cell_type !== "code") return cell;
    const solution = source.cells.find((other) => idOf(other) === idOf(cell))!;
    const answer = answers(idOf(cell), joinText(solution.source));
    return answer === null ? cell : { ...cell, source: answer };
  });
  return { ...release, cells };
}

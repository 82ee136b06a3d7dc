import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handOut } from "../../kernel-lib/src/grade/assignment/hand-out.js";
import { readAssignment } from "../../kernel-lib/src/grade/assignment/index.js";
import { gradeSubmission } from "../../kernel-lib/src/grade/grade-submission.js";
import { type CourseResult, gradeCourse, localGraders } from "../../kernel-lib/src/grade/index.js";
import { readCsv } from "../../kernel-lib/src/grade/intake/csv.js";
import { gradePrograms } from "../support/grade-programs.js";
import { CLASS, handIn, students } from "./course/submissions.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Less than a teacher gives, so that the endless loops end sooner. */
const LIMITS = { cpuSeconds: 8, wallSeconds: 40 };
const MINUTES = 60_000;

describe("a class of sixty", () => {
  const assignment = readAssignment(join(root, "chapters/03-vxlan"));
  const folder = mkdtempSync(join(tmpdir(), "hopbook-course-"));
  const out = join(folder, "grades");
  let programs: Awaited<ReturnType<typeof gradePrograms>>;
  let result: CourseResult;

  beforeAll(async () => {
    programs = await gradePrograms();
    const ids = students(CLASS).map(({ student }) => student);
    await handOut(assignment, { students: ids, out: folder, rehearse: false });
    handIn(assignment, CLASS, join(folder, "students"), join(folder, "submitted"));
    const gradeAll = localGraders(
      (job) => gradeSubmission({ ...job, assignment, limits: LIMITS, programs: programs.folder }),
      2,
    );
    result = await gradeCourse({
      ...{ assignment, from: join(folder, "submitted"), out, gradeAll },
      ...{ hidden: "count", lms: ["moodle", "canvas"], signal: new AbortController().signal },
    });
  }, 10 * MINUTES);
  afterAll(async () => {
    await programs.remove();
    rmSync(folder, { recursive: true });
  });

  const table = (name: string): Map<string, Record<string, string>> => {
    const [head, ...rows] = readCsv(readFileSync(join(out, name), "utf8"));
    return new Map(
      rows.map((row) => [row[0]!, Object.fromEntries(head!.map((key, i) => [key, row[i] ?? ""]))]),
    );
  };
  const read = (student: string, file: string): string =>
    readFileSync(join(out, "students", student, file), "utf8");

  it("is graded to the last", () => {
    expect(result).toMatchObject({ submissions: 60, graded: 60, gradedNow: 60, troubles: [], strays: [] });
  });

  it.each(CLASS)("$kind: $points of 10 points, $count times", ({ kind, count, points }) => {
    const rows = [...table("grades.csv").values()].filter(({ student }) => student!.startsWith(`${kind}-`));
    expect(rows.map((row) => row.points)).toEqual(Array.from({ length: count }, () => String(points)));
  });

  it("says why a notebook could not be graded", () => {
    const grades = table("grades.csv");
    expect(grades.get("python-1")).toMatchObject({
      status: "failed",
      reason: "the notebook is for the kernel “Python 3”, not for TypeScript (Hopbook)",
    });
    expect(grades.get("corrupt-1")!.reason).toMatch(/^the notebook is not JSON: /);
  });

  it("has results in Exercism's form, without hidden checks", () => {
    expect(JSON.parse(read("right-1", "results.json"))).toMatchObject({
      version: 3,
      status: "pass",
      tests: [{ name: "The asker gets the whole page", status: "pass", task_id: 1 }],
    });
    expect(JSON.parse(read("empty-1", "results.json"))).toMatchObject({ version: 3, status: "fail" });
    expect(JSON.parse(read("corrupt-1", "results.json"))).toMatchObject({ version: 3, status: "error" });
  });

  it("has feedback that shows no hidden check and no solution", () => {
    const page = read("half-1", "feedback.html");
    expect(page).toContain("<strong>7</strong> of 10 points");
    expect(page).toContain("1 of 2 hidden checks held.");
    expect(page).not.toContain("The cause and the machine are right");
    expect(page).not.toMatch(/<script|lab\.wait\(seconds\(1200\)\)/);
    expect(read("endless-1", "feedback.html")).toContain("was running when a limit was reached");
  });

  it("has a summary, and tables for the LMS", () => {
    const summary = readFileSync(join(out, "summary.html"), "utf8");
    expect(summary).toContain("Grades of 60 submissions");
    expect(summary.match(/<svg /g)).toHaveLength(2);
    expect(table("moodle.csv").get("right-1")).toMatchObject({ Grade: "10", "Maximum Grade": "10" });
    expect(readFileSync(join(out, "canvas.csv"), "utf8")).toContain("    Points Possible,,,,,10\n");
    expect(readdirSync(out).sort()).toEqual([
      ...[
        "canvas.csv",
        "grades.csv",
        "grades.sqlite",
        "moodle.csv",
        "similarity.csv",
        "students",
        "summary.html",
      ],
    ]);
  });

  it("is not graded again", async () => {
    const nobody = async () => {
      throw new Error("graded again");
    };
    const again = await gradeCourse({
      ...{ assignment, from: join(folder, "submitted"), out, gradeAll: localGraders(nobody, 2) },
      ...{ hidden: "nothing", lms: [], signal: new AbortController().signal },
    });
    expect(again).toMatchObject({ graded: 60, gradedNow: 0, troubles: [] });
    expect(read("half-1", "feedback.html")).not.toContain("hidden check");
    expect(existsSync(join(out, "grades.sqlite.owner"))).toBe(false);
  });
});

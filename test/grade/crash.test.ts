import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gradebook } from "../../kernel-lib/src/grade/database/gradebook.js";
import { readCsv } from "../../kernel-lib/src/grade/intake/csv.js";
import { Random } from "../../kernel-lib/src/sim/random.js";
import { bundledPrograms } from "../support/bundled-programs.js";
import { idOf, pointsOf, writeClass } from "./programs/class.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const STUDENTS = 60;
/** Submissions at a time, as the program has it: so many may be in work when it is killed. */
const JOBS = 2;
const MINUTES = 60_000;

describe("a grader that is killed", () => {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-crash-"));
  const [from, out, log] = ["submitted", "grades", "log"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let programs: Awaited<ReturnType<typeof bundledPrograms>>;

  beforeAll(async () => {
    programs = await bundledPrograms(["test/grade/programs/grader.ts"]);
    writeClass(from, STUDENTS);
  });
  afterAll(() => {
    programs.remove();
    rmSync(folder, { recursive: true });
  });

  /** Runs the grader and kills it (SIGKILL) when it has told so many lines; gives all lines. */
  const run = async (killAt: number): Promise<string[]> => {
    const args = [programs.path("grader"), join(root, "chapters/03-vxlan"), from, out, log];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout }))
      if (lines.push(line) === killAt) child.kill("SIGKILL");
    await ended;
    return lines;
  };

  /** What the gradebook holds, by student: the whole of the row. */
  const grades = (): Map<string, string> => {
    if (!existsSync(join(out, "grades.sqlite"))) return new Map();
    const book = Gradebook.open(out);
    try {
      return new Map([...book.grades()].map((graded) => [graded.student, JSON.stringify(graded)]));
    } finally {
      book.close();
    }
  };

  it(
    "at five random moments goes on where it was: no grade is lost, none is given twice",
    async () => {
      const random = new Random(8);
      let before = grades();
      for (let kill = 0; kill < 5; kill++) {
        const lines = await run(random.between(1, 14));
        expect(lines).not.toContain("finished");
        const after = grades();
        expect(after.size).toBeGreaterThanOrEqual(before.size);
        for (const [student, grade] of before) expect(after.get(student)).toBe(grade);
        before = after;
      }
      expect(before.size).toBeLessThan(STUDENTS);
      // Once more in the middle of the reports, then to the end.
      await run(1 + (STUDENTS - before.size) + 5);
      expect((await run(-1)).at(-1)).toBe("finished");
      const after = grades();
      for (const [student, grade] of before) expect(after.get(student)).toBe(grade);
      const [, ...rows] = readCsv(readFileSync(join(out, "grades.csv"), "utf8"));
      expect(Object.fromEntries(rows.map((row) => [row[0], row[3]]))).toEqual(
        Object.fromEntries(Array.from({ length: STUDENTS }, (_, i) => [idOf(i), String(pointsOf(i))])),
      );
    },
    5 * MINUTES,
  );

  it("grades anew only what it had in work", () => {
    const graded = readFileSync(log, "utf8").trim().split("\n");
    expect(new Set(graded).size).toBe(STUDENTS);
    expect(graded.length).toBeLessThanOrEqual(STUDENTS + 6 * JOBS);
  });
});

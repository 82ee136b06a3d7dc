import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readAssignment } from "../../kernel-lib/src/grade/assignment/index.js";
import { Gradebook } from "../../kernel-lib/src/grade/database/gradebook.js";
import {
  type CourseOptions,
  editionOf,
  gradeCourse,
  queueGraders,
} from "../../kernel-lib/src/grade/index.js";
import { bundledPrograms } from "../support/bundled-programs.js";
import { describeWith, hasProgram } from "../support/requirement.js";
import { idOf, pointsOf, writeClass } from "./programs/class.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const STUDENTS = 500;
const WORKERS = 4;
const MINUTES = 60_000;

const REDIS = { met: hasProgram("redis-server"), reason: "it needs redis-server" };

describeWith("a queue over a real Redis", REDIS, () => {
  const assignment = readAssignment(join(root, "chapters/03-vxlan"));
  const folder = mkdtempSync(join(tmpdir(), "hopbook-queue-"));
  const log = join(folder, "log");
  const out = join(folder, "grades");
  const processes: ChildProcess[] = [];
  let programs: Awaited<ReturnType<typeof bundledPrograms>>;
  let url = "";

  beforeAll(async () => {
    programs = await bundledPrograms(["test/grade/programs/worker.ts"]);
    writeClass(join(folder, "submitted"), STUDENTS);
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const redis = spawn("redis-server", ["--save", "", "--port", String(port), "--dir", folder]);
    processes.push(redis);
    await lineWith(redis, "Ready to accept connections");
  });
  afterAll(() => {
    for (const child of processes) child.kill("SIGKILL");
    programs.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const startWorker = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [programs.path("worker"), url, editionOf(assignment), log], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    processes.push(child);
    await lineWith(child, "ready");
    return child;
  };
  const options = (over: Partial<CourseOptions>): CourseOptions => ({
    ...{ assignment, from: join(folder, "submitted"), out, hidden: "count", lms: [] },
    gradeAll: queueGraders({ url, assignment, edition: editionOf(assignment) }),
    signal: new AbortController().signal,
    ...over,
  });

  it(
    "of which two of four workers are killed, and the grader ended once, gives each of 500 submissions one right grade",
    async () => {
      const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker));
      const first = new AbortController();
      let graded = 0;
      await expect(
        gradeCourse(
          options({
            signal: first.signal,
            onStep: ({ kind }) => {
              if (kind === "graded" && ++graded === 60) workers[0]!.kill("SIGKILL");
              if (graded === 100) first.abort();
            },
          }),
        ),
      ).rejects.toThrow("ended; what was graded is kept, run it again to go on");
      const result = await gradeCourse(
        options({
          onStep: ({ kind }) => {
            if (kind === "graded" && ++graded === 200) workers[1]!.kill("SIGKILL");
          },
        }),
      );
      expect(result).toMatchObject({ submissions: STUDENTS, graded: STUDENTS, troubles: [] });
      expect(graded).toBe(STUDENTS);
      const book = Gradebook.open(out);
      const grades = [...book.grades()];
      book.close();
      expect(Object.fromEntries(grades.map(({ student, result: { points } }) => [student, points]))).toEqual(
        Object.fromEntries(Array.from({ length: STUDENTS }, (_, i) => [idOf(i), pointsOf(i)])),
      );
      expect(new Set(grades.map(({ by }) => by)).size).toBe(WORKERS);
    },
    5 * MINUTES,
  );

  it("has tried again what threw, and nothing else but what the killed had in work", () => {
    const done = readFileSync(log, "utf8").trim().split("\n");
    expect(new Set(done).size).toBe(STUDENTS);
    const unlucky = Array.from({ length: STUDENTS }, (_, i) => idOf(i)).filter((id) =>
      id.endsWith("7"),
    ).length;
    expect(done.length).toBeGreaterThanOrEqual(STUDENTS + unlucky);
    expect(done.length).toBeLessThanOrEqual(STUDENTS + unlucky + 2 * 2);
  });

  it("says so where no Redis answers", async () => {
    const gradeAll = queueGraders({ url: "redis://127.0.0.1:1", assignment, edition: "" });
    await expect(gradeCourse(options({ gradeAll, regrade: "all" }))).rejects.toThrow(
      /^no Redis answers at redis:\/\/127\.0\.0\.1:1: /,
    );
  });
});

async function lineWith(child: ChildProcess, words: string): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) if (line.includes(words)) break;
  child.stdout!.resume();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

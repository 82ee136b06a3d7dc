import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import type { Submission } from "../intake/submissions.js";
import type { SubmissionResult } from "../result.js";
import { GRADEBOOK, Gradebook } from "./gradebook.js";

const folder = mkdtempSync(join(tmpdir(), "hopbook-gradebook-"));
afterAll(() => rmSync(folder, { recursive: true }));

const submission = (student: string, sha256: string): Submission => ({
  ...{ student, name: student, layout: "file", source: `${student}.ipynb`, sha256 },
  intake: { kind: "notebook", text: "{}", warnings: [] },
});
const result = (student: string): SubmissionResult => ({
  ...{
    format: "hopbook-result",
    version: 1,
    assignment: "03-vxlan",
    student,
    status: "failed",
    reason: "a test",
  },
  ...{ points: 0, maxPoints: 10, tasks: [], manual: [], cells: [], warnings: [], fingerprint: [] },
});

describe("a gradebook", () => {
  it("gives a grade once, and takes it back when something else is handed in", () => {
    const book = Gradebook.open(join(folder, "once"));
    expect(book.take(submission("ada", "1"))).toBe("new");
    expect(book.take(submission("ada", "1"))).toBe("same");
    expect(book.begin("ada")).toBe(1);
    expect(book.grade("ada", "1", result("ada"), "a")).toBe(true);
    expect(book.grade("ada", "1", result("ada"), "b")).toBe(false);
    expect(book.grade("bob", "1", result("bob"), "b")).toBe(false);
    expect(book.waiting()).toEqual([]);
    expect(book.take(submission("ada", "2"))).toBe("changed");
    expect(book.grade("ada", "1", result("ada"), "late")).toBe(false);
    expect(book.waiting()).toMatchObject([{ student: "ada", sha256: "2", attempts: 0 }]);
    expect(book.counts()).toEqual({ submissions: 1, graded: 0 });
    book.close();
  });

  it("is open to one process; a lock that an ended process left is no hindrance", () => {
    const place = join(folder, "owned");
    const book = Gradebook.open(place);
    expect(() => Gradebook.open(place)).toThrow(`process ${process.pid} is grading into this folder already`);
    book.take(submission("ada", "1"));
    book.close();
    writeFileSync(join(place, `${GRADEBOOK}.owner`), JSON.stringify({ pid: process.pid, began: "0" }));
    mkdirSync(join(place, `${GRADEBOOK}.lock`));
    const again = Gradebook.open(place);
    expect(again.counts()).toEqual({ submissions: 1, graded: 0 });
    again.close();
    expect(existsSync(join(place, `${GRADEBOOK}.owner`))).toBe(false);
  });

  it("holds every grade that was given before the process was killed", async () => {
    const place = join(folder, "killed");
    mkdirSync(place);
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `
      const { openDatabase } = await import(${module("./sqlite.ts")});
      const book = openDatabase(${JSON.stringify(join(place, GRADEBOOK))}, "CREATE TABLE t (n INTEGER PRIMARY KEY, x TEXT) STRICT");
      for (let n = 0; ; n++) { book.run("INSERT INTO t VALUES (?, ?)", [n, "x".repeat(9000)]); console.log(n); }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", await stripped(program)]);
    let last = -1;
    for await (const line of child.stdout.setEncoding("utf8")) {
      last = Number(String(line).trim().split("\n").at(-1));
      if (last > 40) child.kill("SIGKILL");
    }
    const { openDatabase } = await import("./sqlite.js");
    const database = openDatabase(join(place, GRADEBOOK), "");
    expect(database.get("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
    const { count, most } = database.get("SELECT count(*) AS count, max(n) AS most FROM t") as Record<
      string,
      number
    >;
    expect(count).toBe(most! + 1);
    expect(most).toBeGreaterThanOrEqual(last);
    database.close();
  });
});

/** Node reads JavaScript alone: the one module that the program imports, with its types taken off, stands in its text. */
async function stripped(program: string): Promise<string> {
  const { readFileSync } = await import("node:fs");
  const { transform } = await import("sucrase");
  const url = /import\("([^"]+)"\)/.exec(program)![1]!;
  const source = readFileSync(new URL(url), "utf8").replaceAll("import.meta.url", JSON.stringify(url));
  const { code } = transform(source, { transforms: ["typescript"] });
  return `${code.replaceAll("export ", "")}\n${program.replace(/const \{ openDatabase \}.*\n/, "\n")}`;
}

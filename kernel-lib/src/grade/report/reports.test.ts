import { describe, expect, it } from "vitest";
import type { Assignment } from "../assignment/assignment.js";
import type { Graded } from "../database/gradebook.js";
import { csvText, readCsv } from "../intake/csv.js";
import { readRoster } from "../intake/roster.js";
import type { CheckResult, SubmissionResult } from "../result.js";
import { exercismResult } from "./exercism.js";
import { feedbackPage } from "./feedback.js";
import { gradeRows } from "./grades-csv.js";
import { canvasRows, moodleRows } from "./lms.js";
import { similarPairs } from "./similarity.js";
import { ClassStatistics } from "./statistics.js";
import { studentFolder } from "./student-folder.js";
import { summaryPage } from "./summary.js";

const check = (id: string, status: CheckResult["status"], hidden = false): CheckResult => ({
  ...{ id, title: `Check ${id}`, hidden, status, maxPoints: 2, points: status === "pass" ? 2 : 0 },
  ...(status === "pass" ? {} : { message: `why ${id} \u001b[31m<script>alert(1)</script>` }),
});
const result = (over: Partial<SubmissionResult> = {}): SubmissionResult => ({
  ...{ format: "hopbook-result", version: 1, assignment: "03-vxlan", student: "ada", status: "graded" },
  ...{ points: 2, maxPoints: 6, manual: [], cells: [], warnings: [], fingerprint: [] },
  tasks: [
    {
      ...{ name: "tunnel", points: 2, maxPoints: 6, opened: 1, hints: [2], answers: {} },
      checks: [check("a", "pass"), check("b", "fail"), check("c", "fail", true)],
    },
  ],
  ...over,
});
const graded = (over: Partial<Graded> = {}): Graded => ({
  ...{
    student: "ada",
    name: "Ada",
    layout: "file",
    source: "ada.ipynb",
    notebook: null,
    attempts: 1,
    by: "",
  },
  result: result(),
  ...over,
});
const assignment = {
  name: "03-vxlan",
  title: "A tunnel",
  tasks: ["tunnel"],
  maxPoints: 6,
} as unknown as Assignment;

describe("tables", () => {
  it("are read as they were written, and start no formula", () => {
    const rows = [
      ["a", 'say "x"', "one\ntwo", "=1+1", -3],
      ["-", "", "@x", "é,", 0.5],
    ];
    const text = csvText(rows);
    expect(text).toBe('a,"say ""x""","one\ntwo",\'=1+1,-3\n-,,\'@x,"é,",0.5\n');
    expect(readCsv(`\uFEFF${text.replaceAll("\n-", "\r\n-")}`)[1]).toEqual(["-", "", "'@x", "é,", "0.5"]);
  });

  it("of grades have a row for each student", () => {
    expect(gradeRows(assignment, [graded()])[1]).toEqual([
      "ada",
      "Ada",
      "graded",
      2,
      6,
      33.3,
      2,
      0,
      1,
      "",
      "",
      "ada.ipynb",
    ]);
  });

  it("for Moodle keep the worksheet's columns and its scale", () => {
    const roster = readRoster(
      "Identifier,Full name,Grade,Maximum Grade,Last modified (grade),Feedback comments\nParticipant 7,Ada,,100,-,\nParticipant 8,Bob,,100,-,\n",
    );
    expect(moodleRows([graded({ student: "7" })], roster).slice(1)).toEqual([
      ["Participant 7", "Ada", 33.33, "100", "-", "2 of 6 points by checks (33.3 %)"],
      ["Participant 8", "Bob", "", "100", "-", ""],
    ]);
  });

  it("for Canvas have its row of possible points, and the gradebook's own column", () => {
    const roster = readRoster("Student,ID,SIS User ID,SIS Login ID,Section,A tunnel (55)\nAda,9,s,l,c,\n");
    expect(canvasRows("A tunnel", 6, [graded({ student: "9" })], roster)).toEqual([
      ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A tunnel (55)"],
      ["    Points Possible", "", "", "", "", 6],
      ["Ada", "9", "s", "l", "c", 2],
    ]);
  });
});

describe("what a student learns of hidden checks", () => {
  const CASES = [
    ["nothing", ["Check a", "Check b"], false, false],
    ["count", ["Check a", "Check b"], true, false],
    ["outcome", ["Check a", "Check b", "Check c"], true, false],
    ["message", ["Check a", "Check b", "Check c"], true, true],
  ] as const;
  it.each(CASES)("%s", (words, names, counted, told) => {
    expect(exercismResult(result(), words).tests.map(({ name }) => name)).toEqual(names);
    const page = feedbackPage(assignment, graded(), words);
    expect(page.includes("0 of 1 hidden check held.")).toBe(counted);
    expect(page.includes("why c")).toBe(told);
  });
});

describe("a feedback page", () => {
  it("shows a student's words and runs none of them", () => {
    const cells = [
      {
        cell_type: "markdown",
        id: "m",
        metadata: {},
        source: "# Hi <img src=x onerror=alert(1)> [x](javascript:alert(1))",
      },
      {
        cell_type: "code",
        id: "c",
        metadata: { tags: ["remove-cell"] },
        source: "</code><script>alert(2)</script>",
        execution_count: null,
        outputs: [],
      },
    ];
    const page = feedbackPage(
      assignment,
      graded({
        name: "<b>Ada</b>",
        notebook: JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
        result: result({
          cells: [
            {
              index: 1,
              status: "cut",
              text: "\u001b[31mred</pre><script>alert(3)</script>\u001b]0;title\u0007",
            },
          ],
          manual: [{ id: "w", title: "Why?", maxPoints: 3, text: "<iframe src=//evil>" }],
        }),
      }),
      "count",
    );
    expect(page).not.toMatch(/<script|<iframe|<b>|<img|\son\w+=|javascript:|\u001b/);
    expect(page).toContain("&lt;script&gt;alert(2)");
    expect(page).toContain("was running when a limit was reached");
    expect(page).toContain("up to 3 more by your teacher");
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  });
});

describe("Exercism's form", () => {
  it("is an error only where nothing could be asked", () => {
    expect(exercismResult(result(), "count")).toMatchObject({ version: 3, status: "fail" });
    const failed = result({ status: "failed", reason: "no notebook", tasks: [] });
    expect(exercismResult(failed, "count")).toEqual({
      version: 3,
      status: "error",
      message: "no notebook",
      tests: [],
    });
  });
});

describe("journals that are alike", () => {
  const ordinary = (i: number) => [`open`, `look ${i % 3}`, `try ${i}`, "mend", `answer ${i % 4}`];
  const class_ = Array.from({ length: 30 }, (_, i) => ({ student: `s${i}`, fingerprint: ordinary(i) }));
  const copied = ["open", "odd one", "odd two", "odd three", "mend"];

  it("are those that share what nobody else did", () => {
    const pairs = similarPairs([
      ...class_,
      { student: "x", fingerprint: copied },
      { student: "y", fingerprint: [...copied, "answer 9"] },
    ]);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ students: ["x", "y"] });
    expect(pairs[0]!.likeness).toBeGreaterThan(0.7);
  });

  it("are none where all did the same", () => {
    expect(similarPairs(class_.map(({ student }) => ({ student, fingerprint: copied })))).toEqual([]);
  });
});

it("statistics know mean, median and what was missed most", () => {
  const statistics = new ClassStatistics();
  for (const points of [0, 2, 6]) statistics.add(result({ points }));
  expect(statistics).toMatchObject({ mean: 2.67, median: 2, maxPoints: 6, hints: 3 });
  expect(statistics.missed.map(({ id, missed }) => [id, missed])).toEqual([
    ["b", 3],
    ["c", 3],
  ]);
});

it("a summary has its plots, its tables and links to the students' pages", async () => {
  const statistics = new ClassStatistics();
  statistics.add(result({ student: "../<b>" }));
  statistics.add(result({ student: "bob", status: "failed", reason: "no notebook", tasks: [], points: 0 }));
  const page = await summaryPage({
    ...{ assignment, statistics, folder: studentFolder },
    pairs: [{ students: ["ada", "bob"], likeness: 0.9, rare: 4 }],
    strays: [{ path: "../x.ipynb", reason: "its name leads out of the ZIP file" }],
  });
  expect(page.match(/<svg /g)).toHaveLength(2);
  const headings = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading);
  expect(headings).toEqual([
    ...["Checks by how many missed them", "Nothing could be graded", "Alike journals", "Students"],
    "Files that belong to no student",
  ]);
  expect(page).toContain('href="students/bob/feedback.html">bob</a>');
  expect(page).not.toContain("<b>");
});

it("a student's folder has a name that every system takes", () => {
  expect(studentFolder("ada-1")).toBe("ada-1");
  const odd = ["Zoë Müller", "../x", "CON.", "名前", "a.b"].map(studentFolder);
  for (const name of odd) expect(name).toMatch(/^[a-z0-9_-]+-[0-9a-f]{8}$/);
  expect(new Set([...odd, studentFolder("ZOË MÜLLER")]).size).toBe(6);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { joinText, type Notebook } from "../../kernel-lib/src/base/notebook.js";
import { readNotebook } from "../../kernel-lib/src/book/index.js";
import {
  type Assignment,
  handOut,
  leaks,
  makeTasks,
  parseAssignment,
  readAssignment,
  rehearse,
  rosterIds,
  Student,
  studentNotebook,
  teacherNotebook,
} from "../../kernel-lib/src/grade/assignment/index.js";

const chapters = fileURLToPath(new URL("../../chapters", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hopbook-assign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (chapter: string): Assignment => readAssignment(join(chapters, chapter));

/** Of each assignment, a student for each fault. */
const FAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "01-bridge": { neighbour: "s0", port: "s1", down: "s2", fdb: "s14" },
  "02-port-mapping": { forwarding: "s0", port: "s1", drop: "s3", address: "s11" },
  "03-vxlan": { fdb: "s0", neighbour: "s1", mtu: "s3", forward: "s7" },
  "04-swarm-ingress": { tunnel: "s0", source: "s1", weight: "s2", entry: "s6" },
  "05-chat": { second: "s0", door: "s1", tunnel: "s2", address: "s4" },
};

describe("the assignment", () => {
  const rows = Object.entries(FAULTS).flatMap(([chapter, faults]) =>
    Object.entries(faults).map(([fault, student]) => ({ chapter, fault, student })),
  );
  it.each(rows)("of $chapter: fault $fault can be mended, and nothing done gives nothing", async (row) => {
    const assignment = read(row.chapter);
    const tasks = await makeTasks(assignment, row.student);
    expect(tasks[0]!.secret.fault).toBe(row.fault);
    const { problems, solved, empty } = await rehearse(assignment, tasks);
    expect(problems).toEqual([]);
    expect([...solved.values()].every((failure) => failure === null)).toBe(true);
    expect([...empty.values()].some((failure) => failure === null)).toBe(false);
    expect(leaks(assignment, await studentNotebook(assignment, tasks))).toEqual([]);
  });

  it.each(Object.keys(FAULTS))("of %s has points, hints, and text to explain", (chapter) => {
    const { maxPoints, manualPoints, cells } = read(chapter);
    expect(maxPoints).toBeGreaterThanOrEqual(10);
    expect(manualPoints).toBeGreaterThan(0);
    expect(
      cells.filter(({ kind }) => kind === "check").every(({ title, points }) => title !== "" && points > 0),
    ).toBe(true);
  });
});

/** An assignment without a lab of its own to speak of: a machine that must answer. */
const SMALL = `# Small

\`\`\`{code-cell} typescript
:tags: [prepare]
:task: answer
import { Lab } from "hopbook";
const lab = Lab.build({ machines: { one: { nics: [] } }, cables: {} }, { seed: student.seed });
({ lab, facts: { number: student.between(1, 1000) }, hints: ["Read it."], secret: { wanted: "plantedword" } });
\`\`\`

\`\`\`{code-cell} typescript
:tags: [setup]
const task = await Task.open("answer");
\`\`\`

\`\`\`{code-cell} typescript
:tags: [answer]
// BEGIN SOLUTION
task.answer("what", "plantedword");
// END SOLUTION
\`\`\`

\`\`\`{code-cell} typescript
:tags: [check]
:id: what
:points: 1
:title: "The answer is right"
// BEGIN HIDDEN TESTS
await task.check.answer("what", task.secret.wanted);
// END HIDDEN TESTS
\`\`\`
`;
const SETUP_IMPORT = SMALL.replace(
  "const task = await",
  'import { Task } from "hopbook";\nconst task = await',
);

function small(text = SETUP_IMPORT): Assignment {
  const path = join(folder, "assignment.md");
  writeFileSync(path, text);
  return parseAssignment("small", path, text);
}

describe("a hand-out", () => {
  it("has a notebook for each student, the teacher's, and a table of the variants", async () => {
    const out = join(folder, "class");
    const students = ["ada", "grace.h", "1999-42"];
    const made = await handOut(small(), { students, out });
    expect(made).toMatchObject({ rehearsed: 1 });
    expect(readdirSync(join(out, "students")).sort()).toEqual([...students].sort());
    const table = readFileSync(join(out, "variants.csv"), "utf8").trimEnd().split("\n");
    expect(table).toHaveLength(4);
    expect(table[1]).toContain("plantedword");
    const notebook = readNotebook(readFileSync(made.notebooks[0]!, "utf8"));
    const text = JSON.stringify(notebook);
    for (const word of ["plantedword", "BEGIN", "student.between", "task.secret"])
      expect(text).not.toContain(word);
    expect(nbgraderRoles(notebook)).toEqual([
      "answer-setup-1: locked",
      "answer-answer-1: solution",
      "what: locked 1 points",
    ]);
    // The same again changes nothing; a notebook in which somebody has worked stays.
    await handOut(small(), { students, out });
    writeFileSync(made.notebooks[1]!, "my work");
    await expect(handOut(small(), { students, out })).rejects.toThrow(
      /is there already and is not what was handed out/,
    );
    expect(readFileSync(made.notebooks[1]!, "utf8")).toBe("my work");
  });

  it.each([
    [
      "a solution that is wrong",
      ['task.answer("what", "plantedword")', 'task.answer("what", "other")'],
      /check “what” .* fails for the reference solution/s,
    ],
    [
      "a check that holds when nothing was done",
      ['await task.check.answer("what", task.secret.wanted);', "1 + 1;"],
      /holds when nothing was done/,
    ],
    [
      "a check that needs a name of the student's",
      ['await task.check.answer("what", task.secret.wanted);', "mine();"],
      /mine is not defined/,
    ],
    [
      "a preparation that fails",
      ["student.between(1, 1000)", "student.pick([])"],
      /the task “answer” cannot be made for “ada”: there is nothing to pick from/,
    ],
    ["a preparation without a lab", ["({ lab, facts", "({ facts"], /last expression is/],
  ])("is refused for %s", async (_what, [from, to], message) => {
    const text = SETUP_IMPORT.replace(from!, to!);
    expect(text).not.toBe(SETUP_IMPORT);
    await expect(handOut(small(text), { students: ["ada"], out: join(folder, "none") })).rejects.toThrow(
      message,
    );
    expect(readdirSync(folder)).not.toContain("none");
  });

  it("is refused when a solution stands in a student's notebook", async () => {
    const text = `${SETUP_IMPORT}\nDo not tell:\n\n\`\`\`\ntask.answer("what", "plantedword");\n\`\`\`\n`;
    await expect(handOut(small(text), { students: ["ada"], out: join(folder, "none") })).rejects.toThrow(
      /a line of the cell “answer-answer-1” stands in the student's notebook: task.answer/,
    );
  });

  it("has the secret in the teacher's notebook, in place of what only a grader knows", async () => {
    const assignment = small();
    const text = JSON.stringify(await teacherNotebook(assignment, await makeTasks(assignment, "ada")));
    expect(text).toContain("BEGIN SOLUTION");
    expect(text).toContain('task.check.answer(\\"what\\", ({\\"wanted\\":\\"plantedword\\"}).wanted)');
  });
});

/** `id: locked 3 points` of each cell that nbgrader knows. */
function nbgraderRoles({ cells }: Notebook): string[] {
  return cells.flatMap(({ metadata, source }) => {
    const known = metadata.nbgrader as Record<string, unknown> | undefined;
    if (known === undefined) return [];
    expect(joinText(source)).toBeTypeOf("string");
    const words = [
      ...(known.locked ? ["locked"] : []),
      ...(known.solution ? ["solution"] : []),
      ...(known.grade ? [`${known.points} points`] : []),
    ];
    return [`${known.grade_id}: ${words.join(" ")}`];
  });
}

describe("a student's variant", () => {
  it("is the same each time, and another for the neighbour", () => {
    const draw = (id: string) => {
      const student = new Student("03-vxlan", "broken-tunnel", id);
      return [student.seed, student.between(0, 1e9), ...student.shuffle([1, 2, 3, 4, 5, 6])];
    };
    expect(draw("ada")).toEqual(draw("ada"));
    expect(draw("ada")).not.toEqual(draw("adb"));
  });

  it("meets each fault about as often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 800; i++) {
      const fault = new Student("a", "t", `student ${i}`).pick(["a", "b", "c", "d"]);
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(50);
  });
});

describe("a list of students", () => {
  it.each([
    ["ids", "ada\n# away: bob\ngrace\n", ["ada", "grace"]],
    ["a table with a head", "student,name\nada,Ada Lovelace\ngrace,Grace Hopper\n", ["ada", "grace"]],
  ])("is %s", (_what, text, ids) => {
    expect(rosterIds(text)).toEqual(ids);
  });

  it.each([
    ["../ada", /“..\/ada” cannot be a student's id/],
    ["ada lovelace", /cannot be a student's id/],
    ["ada\nada", /twice/],
  ])("is refused: %j", (text, message) => {
    expect(() => rosterIds(text)).toThrow(message);
  });
});

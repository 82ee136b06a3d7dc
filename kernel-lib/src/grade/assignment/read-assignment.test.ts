import { describe, expect, it } from "vitest";
import { openedTasks, parseAssignment, withOpened } from "./read-assignment.js";
import { onlyHidden, onlySolutions, withoutHidden, withoutSolutions } from "./regions.js";

const cell = (tag: string, options: string, ...body: readonly string[]) =>
  [
    "```{code-cell} typescript",
    `:tags: [${tag}]`,
    ...(options === "" ? [] : options.split("\n")),
    ...body,
    "```",
    "",
  ].join("\n");
const PREPARE = cell("prepare", ":task: tunnel", "({})");
const SETUP = cell("setup", "", 'const t = await Task.open("tunnel");');
const ANSWER = cell("answer", "", "// BEGIN SOLUTION", "mend();", "// END SOLUTION");
const CHECK = cell("check", ":id: page\n:points: 2\n:title: It works", "await works();");
const WHOLE = `# A title\n\n${PREPARE}\n${SETUP}\n${ANSWER}\n${CHECK}`;

const read = (text: string) => parseAssignment("03-vxlan", "03-vxlan/assignment.md", text);

describe("an assignment", () => {
  it("is read into its cells", () => {
    const hidden = cell(
      "check",
      ":id: hidden\n:points: 3\n:title: Hidden",
      "// Looked at later.",
      "// BEGIN HIDDEN TESTS",
      "await secret();",
      "// END HIDDEN TESTS",
    );
    const why =
      '+++ {"explain": "why", "points": 4, "title": "Why?"}\n\nSay why.\n\n<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->\n\n+++\n';
    const assignment = read(`${WHOLE}\n${hidden}\n${why}\nThe end.\n`);
    expect(assignment).toMatchObject({
      name: "03-vxlan",
      title: "A title",
      tasks: ["tunnel"],
      maxPoints: 5,
      manualPoints: 4,
    });
    expect(
      assignment.cells.map(({ kind, id, task, points, hidden }) =>
        [kind, id, task, points, hidden].join(" ").trim(),
      ),
    ).toEqual([
      "prose   0 false",
      "prepare  tunnel 0 false",
      "setup tunnel-setup-1 tunnel 0 false",
      "answer tunnel-answer-1 tunnel 0 false",
      "check page tunnel 2 false",
      "check hidden tunnel 3 true",
      "explain why tunnel 4 false",
      "prose  tunnel 0 false",
    ]);
  });

  it.each([
    ["no title", WHOLE.replace("# A title", "Text"), /:1: the assignment has no title/],
    [
      "a cell without a tag",
      WHOLE.replace("[answer]", "[hide-input]"),
      /:14: a code cell of an assignment has one tag/,
    ],
    ["an unknown option", WHOLE.replace(":id: page", ":colour: red"), /has no option “colour”/],
    ["no points", WHOLE.replace(":points: 2\n", ""), /“points” is a whole number from 1 to 1000/],
    ["half points", WHOLE.replace(":points: 2", ":points: 1.5"), /“points” is a whole number/],
    ["no name of a check", WHOLE.replace(":title: It works\n", ""), /a cell with points has a title/],
    ["an id that nbgrader refuses", WHOLE.replace(":id: page", ':id: "a b"'), /“id” is a word of letters/],
    ["two cells of one id", `${WHOLE}\n${CHECK}`, /the id “page” is already taken/],
    [
      "an answer without a solution",
      WHOLE.replace("// BEGIN SOLUTION\n", "").replace("// END SOLUTION\n", ""),
      /a student would get all of it/,
    ],
    ["a region that does not end", WHOLE.replace("// END SOLUTION\n", ""), /“BEGIN SOLUTION” never ends/],
    [
      "a solution in a check",
      WHOLE.replace("await works();", "// BEGIN SOLUTION\nx\n// END SOLUTION"),
      /can only stand in an answer/,
    ],
    [
      "hidden checks in an answer",
      WHOLE.replace("mend();", "// BEGIN HIDDEN TESTS\nx\n// END HIDDEN TESTS"),
      /can only stand in a check/,
    ],
    ["a task that nobody prepares", WHOLE.replace(PREPARE, ""), /no prepare cell makes the task “tunnel”/],
    [
      "a task that nobody opens",
      WHOLE.replace(SETUP, "").replace(CHECK, ""),
      /no setup cell opens the task “tunnel”/,
    ],
    ["a task opened twice", `${WHOLE}\n${SETUP}`, /the task “tunnel” is opened twice/],
    ["a task without a check", WHOLE.replace(CHECK, ""), /the task “tunnel” has no check/],
    [
      "a mark without text",
      `${WHOLE}\n+++ {"explain": "why", "points": 4, "title": "Why?"}\n\n+++\n`,
      /no text follows this mark/,
    ],
  ])("is refused with its line: %s", (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("opens its tasks with their sealed texts, typed or not", () => {
    const source = 'const a = await Task.open("one");\nconst b = await Task.open<{ port: number }>("two");';
    expect(openedTasks(source)).toEqual(["one", "two"]);
    expect(withOpened(source, (task) => JSON.stringify(`sealed ${task}`))).toBe(
      'const a = await Task.open("one", "sealed one");\nconst b = await Task.open<{ port: number }>("two", "sealed two");',
    );
  });
});

describe("regions", () => {
  const source = "one();\n  // BEGIN SOLUTION\n  two();\n  // END SOLUTION\nthree();";
  it("become a stub, indented as they were", () => {
    expect(withoutSolutions(source, "// HERE\nfail();")).toBe("one();\n  // HERE\n  fail();\nthree();");
    expect(onlySolutions(source)).toBe("  two();");
  });
  it("of hidden checks leave nothing", () => {
    const check = "a();\n// BEGIN HIDDEN TESTS\nb();\n// END HIDDEN TESTS\nc();";
    expect([withoutHidden(check), onlyHidden(check)]).toEqual(["a();\nc();", "b();"]);
  });
  it.each([
    ["// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION", /stands within another/],
    ["// END SOLUTION", /without a beginning/],
  ])("that do not pair are refused: %j", (text, message) => {
    expect(() => withoutSolutions(text, "")).toThrow(message);
  });
});

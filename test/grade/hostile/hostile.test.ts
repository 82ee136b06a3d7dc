import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, type ExpectStatic, it } from "vitest";
import type { SubmissionResult } from "../../../kernel-lib/src/grade/result.js";
import { bestWall } from "../../../kernel-lib/src/grade/sandbox/choose.js";
import type { SandboxKind } from "../../../kernel-lib/src/grade/sandbox/limits.js";
import { describeWith } from "../../support/requirement.js";
import { hostileCourse } from "./course.js";
import { HOSTILE, type Hostile, type Target } from "./submissions.js";

const bubblewrapHere = {
  met: (await bestWall()).kind === "bubblewrap",
  reason: "bubblewrap is not installed, or may make no namespace here",
};

/** What no submission may read. */
const SECRET = "the teacher's own words";
const HIDDEN = "what no student may read";

/** Those whose wall is Node's own: the network is open there, and what is left to try is the same. */
const BEHIND_NODE = [
  "reads a secret outside",
  "reads the hidden checks",
  "writes outside",
  "kills the grader",
  "starts programs, threads and addons",
  "makes processes without end",
];

let course: Awaited<ReturnType<typeof hostileCourse>>;
const folder = mkdtempSync(join(tmpdir(), "hopbook-target-"));
let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  response.end(SECRET);
});
let target: Target;

beforeAll(async () => {
  course = await hostileCourse();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const secret = join(folder, "secret.txt");
  writeFileSync(secret, SECRET);
  target = {
    secret,
    made: join(folder, "made"),
    assignment: course.assignment.path,
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    neighbour: await course.cellsOf("bob"),
  };
}, 120_000);

afterAll(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
  await course?.remove();
});

async function hand(hostile: Hostile, sandbox: SandboxKind): Promise<SubmissionResult> {
  return course.grade(hostile.handed(await course.cellsOf("alice"), target), sandbox);
}

function expectHarmless(
  expect: ExpectStatic,
  { points = 0, warning, printed }: Hostile,
  result: SubmissionResult,
): void {
  const said = result.cells.map(({ text }) => text).join("");
  expect.soft({ points: result.points, said }).toMatchObject({ points });
  expect.soft(result.tasks[0]!.points).toBe(points);
  // Not a byte of what it may not have, and nothing that a terminal would obey.
  expect.soft(said).not.toContain(SECRET);
  expect.soft(said).not.toContain(HIDDEN);
  expect.soft(JSON.stringify(result)).not.toMatch(/(?<!\\)\\u00[019]|[\x80-\x9f]/);
  if (warning !== undefined) expect.soft(messages(result)).toMatch(warning);
  if (printed !== undefined) expect.soft(said).toMatch(printed);
  expect.soft(existsSync(target.made) || existsSync(`${target.made}-folder`)).toBe(false);
  expect.soft(asked).toBe(0);
}

const named = (hostile: readonly Hostile[]) => hostile.map((one) => [one.title, one] as const);

const messages = ({ warnings, tasks }: SubmissionResult): string =>
  [...warnings, ...tasks.flatMap(({ checks }) => checks.map(({ message }) => message ?? ""))].join("\n");

describeWith("a hostile submission, behind bubblewrap,", bubblewrapHere, () => {
  it.concurrent("is not this one, which is right", async ({ expect }) => {
    const { setup, repair, forth, mtu } = await course.cellsOf("alice");
    const { points, maxPoints, warnings } = await course.grade(
      { cells: [setup, repair, forth, mtu] },
      "bubblewrap",
    );
    expect({ points, maxPoints, warnings }).toEqual({ points: 5, maxPoints: 5, warnings: [] });
  });

  it.concurrent.for(named(HOSTILE))("%s", async ([, hostile], { expect }) => {
    expectHarmless(expect, hostile, await hand(hostile, "bubblewrap"));
  });
});

describe("a hostile submission, behind Node's permission model,", () => {
  const some = HOSTILE.filter(({ title }) => BEHIND_NODE.includes(title));
  it.concurrent.for(named(some))("%s", async ([, hostile], { expect }) => {
    const result = await hand(hostile, "node");
    expectHarmless(expect, hostile, result);
    expect(result.warnings.join()).toContain("weaker");
  });
});

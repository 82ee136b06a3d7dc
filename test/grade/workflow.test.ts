import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { program } from "../../kernel-lib/src/cli/main.js";

const text = readFileSync(new URL("../../assets/grade/github-workflow.yml", import.meta.url), "utf8");

describe("the workflow file for GitHub", () => {
  const workflow = parse(text) as {
    readonly on: object;
    readonly permissions: object;
    readonly jobs: { readonly grade: { readonly steps: readonly { readonly run?: string }[] } };
  };

  it("runs on a push, and may only read", () => {
    expect(Object.keys(workflow.on)).toEqual(["push", "workflow_dispatch"]);
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  it("grades with options that hopbook grade has", async () => {
    const run = workflow.jobs.grade.steps.map((step) => step.run ?? "").join("\n");
    const used = [...run.matchAll(/ (--(?!silent)[a-z-]+)/g)].map(([, option]) => option);
    const grade = (await program()).commands.find((command) => command.name() === "grade")!;
    const known = grade.options.map(({ long }) => long);
    expect(used).toEqual(["--assignment", "--student", "--out", "--require-full"]);
    expect(known).toEqual(expect.arrayContaining(used));
  });
});

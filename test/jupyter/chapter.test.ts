import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { runNotebook } from "../../kernel-lib/src/jupyter/run-notebook.js";
import { NOTEBOOKS, requireBuild } from "./kernel-under-test.js";

beforeAll(requireBuild);

it("chapter 1, executed twice, prints and draws what its notebook holds", async () => {
  const path = join(NOTEBOOKS, "01-bridge.ipynb");
  const before = await readFile(path, "utf8");
  for (const _time of ["first", "second"]) {
    const { codeCells, differences } = await runNotebook(path, { check: true, timeoutSeconds: 60 });
    expect(differences).toEqual([]);
    expect(codeCells).toBeGreaterThan(0);
  }
  expect(await readFile(path, "utf8")).toBe(before);
});

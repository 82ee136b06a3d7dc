import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { chapterNames } from "../../kernel-lib/src/book/chapters.js";
import { runNotebook } from "../../kernel-lib/src/jupyter/run-notebook.js";
import { chapterNotebooks, NOTEBOOKS, ROOT, requireBuild } from "./kernel-under-test.js";

beforeAll(requireBuild);

describe("the chapters' notebooks", () => {
  it("are one for each chapter, and for each page of an appendix", () => {
    const notebooks = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));
    expect(notebooks.sort()).toEqual(
      chapterNames(ROOT)
        .map((name) => `${name}.ipynb`)
        .sort(),
    );
  });

  it.each(chapterNotebooks())(
    "%s, executed twice, prints and draws what it holds",
    async (name) => {
      const path = join(NOTEBOOKS, name);
      const before = await readFile(path, "utf8");
      for (const _time of ["first", "second"]) {
        const { codeCells, differences } = await runNotebook(path, { check: true, timeoutSeconds: 100 });
        expect(differences).toEqual([]);
        expect(codeCells).toBeGreaterThan(0);
      }
      expect(await readFile(path, "utf8")).toBe(before);
    },
    240_000,
  );
});

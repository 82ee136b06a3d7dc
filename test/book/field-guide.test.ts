import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { joinText } from "../../kernel-lib/src/base/notebook.js";
import { chapterNames, notebookPath } from "../../kernel-lib/src/book/chapters.js";
import { readNotebook } from "../../kernel-lib/src/book/html/read-notebook.js";
import type { StoryData } from "../../kernel-lib/src/plot/story-data.js";
import { PROBLEMS, type Problem } from "./fixtures/field-guide.js";

const ROOT = new URL("../..", import.meta.url).pathname;
const PARTS = ["What you see", "What to look at", "The packet's way", "Why", "Mend it", "Gone"];
const STORY = "application/vnd.hopbook.story+json";

/** The cells of a problem: from its heading to the next one. */
function cellsOf({ page, title }: Problem) {
  const { cells } = readNotebook(readFileSync(notebookPath(ROOT, `field-guide-${page}`), "utf8"));
  const headings = cells.map((cell) =>
    cell.cell_type === "markdown" ? (/^## (.*)$/m.exec(joinText(cell.source))?.[1] ?? null) : null,
  );
  const start = headings.indexOf(title);
  expect(start, title).toBeGreaterThan(-1);
  const next = headings.findIndex((heading, i) => i > start && heading !== null);
  // The cell of the next heading begins with the end of this problem.
  return cells.slice(start, next < 0 ? undefined : next + 1);
}

/** Its text alone, without the words of the problems beside it. */
function textOf(problem: Problem): string {
  const all = cellsOf(problem).map((cell) => (cell.cell_type === "markdown" ? joinText(cell.source) : ""));
  const [, after = ""] = all.join("\n\n").split(`## ${problem.title}\n`);
  return after.split(/^## /m)[0]!;
}

describe("the field guide", () => {
  it("has the problems that are played, each once", () => {
    const played = readdirSync(new URL("../real-problems", import.meta.url))
      .filter((name) => /^r\d/.test(name))
      .map((name) => name.slice(0, 3).toUpperCase());
    expect(PROBLEMS.map(({ id }) => id)).toEqual(played.sort());
  });

  it("stands behind the chapters, its opening page first", () => {
    const pages = [...new Set(PROBLEMS.map(({ page }) => `field-guide-${page}`))];
    expect(chapterNames(ROOT).slice(-pages.length - 1)).toEqual(["field-guide", ...pages]);
  });

  it("leads from what is seen to each problem", () => {
    const opening = readFileSync(notebookPath(ROOT, "field-guide"), "utf8");
    for (const { title, page } of PROBLEMS) {
      const link = new RegExp(
        `\\[${title.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}\\]\\(field-guide-${page}\\.ipynb#`,
      );
      expect(opening, title).toMatch(link);
    }
  });

  it.each(PROBLEMS)("$id tells symptom, search, way, cause, repair and end, with its source", (problem) => {
    const text = textOf(problem);
    const places = PARTS.map((part) => text.indexOf(`**${part}.**`));
    expect(places, text.slice(0, 80)).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(1);
    for (const source of problem.sources) expect(text).toContain(`](${source})`);
  });

  it.each(PROBLEMS)("$id is live, and its story ends where the packet did", (problem) => {
    const code = cellsOf(problem).filter((cell) => cell.cell_type === "code");
    expect(code.length).toBeGreaterThan(4);
    const outputs = code.flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    const stories = outputs.flatMap((output) =>
      output.output_type === "execute_result" || output.output_type === "display_data"
        ? [output.data[STORY] as StoryData | undefined].filter((data) => data !== undefined)
        : [],
    );
    expect(stories).toHaveLength(1);
    const [{ description }] = stories as [StoryData];
    expect(description.slice(description.lastIndexOf("It is "))).toMatch(problem.end);
  });
});

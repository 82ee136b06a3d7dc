import { existsSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joinText, type Notebook, type Output, sortKeys } from "../../kernel-lib/src/base/notebook.js";
import { describeWith } from "../support/requirement.js";
import { livePages, notebookFile, readStored } from "./pages.js";

const CHROMIUM = process.env.HOPBOOK_CHROMIUM ?? "/usr/bin/chromium";
const browserHere = {
  met: existsSync(CHROMIUM),
  reason: `there is no browser at ${CHROMIUM}; HOPBOOK_CHROMIUM may name one`,
};

const CHAPTERS = readdirSync(notebookFile("").replace(/\/[^/]*$/, ""))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(".ipynb", ""))
  // An appendix's first page may have nothing to run.
  .filter((name) => readStored(name).cells.some(({ cell_type }) => cell_type === "code"));

/** Outputs as they are compared: streams joined, texts whole; a plot without the still picture, and a packet's story without JupyterLab's form: a page makes both itself. */
function comparable(outputs: readonly Output[]): unknown[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      joined[joined.length - 1] = { ...last, text: joinText(last.text) + joinText(output.text) };
    else joined.push(output);
  }
  return joined.map((output) => {
    if (output.output_type === "stream") return { ...output, text: joinText(output.text) };
    if (output.output_type === "error") return output;
    const isPlot = "application/vnd.plotly.v1+json" in output.data;
    const isStory = "application/vnd.hopbook.story+json" in output.data;
    const data = Object.entries(output.data)
      .filter(([type]) => !(isPlot && type === "image/svg+xml") && !(isStory && type === "text/html"))
      .map(([type, value]) => [type, Array.isArray(value) ? value.join("") : value]);
    return sortKeys({ ...output, data: Object.fromEntries(data) });
  });
}

describeWith("live cells of the chapters", browserHere, () => {
  let browser: Browser;
  let made: Awaited<ReturnType<typeof livePages>>;
  const stored = new Map<string, Notebook>();

  beforeAll(async () => {
    for (const name of CHAPTERS) stored.set(name, readStored(name));
    made = await livePages(stored);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });

  afterAll(async () => {
    await browser?.close();
    made?.remove();
  });

  async function open(name: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file:|data:|blob:)/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(`${pathToFileURL(made.folder).href}/${name}.html`);
    return { page, complaints };
  }

  it.each(CHAPTERS)(
    "of %s give what the notebook holds, from the disk",
    async (name) => {
      const { page, complaints } = await open(name);
      expect(await page.evaluate("hopbookLive.runAll()")).toBe(true);
      for (const cell of stored.get(name)!.cells) {
        if (cell.cell_type !== "code") continue;
        const outputs = (await page.evaluate(`hopbookLive.outputs(${JSON.stringify(cell.id)})`)) as Output[];
        expect(comparable(outputs), joinText(cell.source)).toEqual(comparable(cell.outputs));
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it.each([
    ["live.js", 5],
    ["live-view.js", 60],
    ["live-library.js", 850],
    ["live-editor.js", 150],
    ["live-shell.js", 400],
    ["live-node.js", 120],
  ])("have %s of at most %i kB", (name, most) => {
    expect(Math.round(gzipSync(made.files.get(name)!).length / 1000)).toBeLessThanOrEqual(most);
  });
});

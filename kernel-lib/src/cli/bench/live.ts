import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bookAssets } from "../../book/assets.js";
import { chapterNames, chapterPage, readNotebook } from "../../book/index.js";
import type { BenchFigure } from "./figure.js";

const CHROMIUM = process.env.HOPBOOK_CHROMIUM ?? "/usr/bin/chromium";

/** What comes with a page's live cells, as gzip makes it, and the time from the first press of Run to the first cell's result, in Chromium, from the disk. */
export async function liveFigures(root: string): Promise<BenchFigure[]> {
  const assets = bookAssets();
  if (!assets.has("live.js")) return [];
  const weight = (name: string) => Math.round(gzipSync(assets.get(name)!).length / 1000);
  const size = (name: string, file: string, atMost: number): BenchFigure => ({
    name: `live cells: ${name}`,
    value: weight(file),
    unit: "kB",
    target: { atMost },
  });
  const sizes = [
    size("the library", "live-library.js", 850),
    size("what shows outputs", "live-view.js", 60),
    size("the shell's language, with the first sh", "live-shell.js", 400),
    size("what Node programs run, with the first", "live-node.js", 120),
    size("the editor, with the first Edit", "live-editor.js", 150),
  ];
  const first = await firstResult(root, assets);
  if (first === null) return sizes;
  return [...sizes, { name: "live cells: first result", value: first, unit: "s", target: { atMost: 2 } }];
}

/** Seconds; null without a browser. */
async function firstResult(root: string, assets: ReadonlyMap<string, Buffer>): Promise<number | null> {
  if (!existsSync(CHROMIUM)) return null;
  const { chromium } = await import("playwright-core");
  const folder = mkdtempSync(join(tmpdir(), "hopbook-bench-live-"));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const name = chapterNames(root)[0]!;
    const notebook = readNotebook(readFileSync(join(root, `notebooks/${name}.ipynb`), "utf8"));
    const chapters = [{ name, title: name }];
    mkdirSync(join(folder, "assets"));
    for (const [file, content] of assets) writeFileSync(join(folder, "assets", file), content);
    writeFileSync(
      join(folder, "page.html"),
      chapterPage(notebook, { name, title: name, chapters, live: true }),
    );
    const page = await browser.newPage();
    await page.goto(`${pathToFileURL(folder).href}/page.html`);
    const start = performance.now();
    await page.locator(".live-run").first().dispatchEvent("click");
    await page.locator('.cell[data-live="done"] .live-outputs').first().waitFor();
    return Math.round(performance.now() - start) / 1e3;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

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

/** What comes with the first Run on a page, as gzip makes it, and the time from the press to the first cell's result, in Chromium, from the disk. */
export async function liveFigures(root: string): Promise<BenchFigure[]> {
  const assets = bookAssets();
  if (!assets.has("live.js")) return [];
  const weight = (name: string) => Math.round(gzipSync(assets.get(name)!).length / 1000);
  const sizes: BenchFigure[] = [
    {
      name: "live cells: the library",
      value: weight("live-library.js"),
      unit: "kB",
      target: { atMost: 1300 },
    },
    {
      name: "live cells: editor and outputs",
      value: weight("live-view.js"),
      unit: "kB",
      target: { atMost: 220 },
    },
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

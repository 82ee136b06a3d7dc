import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DISPLAY } from "../../kernel-lib/src/base/display.js";
import type { Notebook, OutputData } from "../../kernel-lib/src/base/notebook.js";
import { bookAssets } from "../../kernel-lib/src/book/assets.js";
import { chapterPage } from "../../kernel-lib/src/book/html/chapter-page.js";
import { outputsHtml } from "../../kernel-lib/src/book/html/outputs.js";
import { story } from "../../kernel-lib/src/plot/story.js";
import { browserHere, launchBrowser, type VisitOptions, visit } from "../book/fixtures/visit.js";
import { describeWith } from "../support/requirement.js";
import { droppedWay, publishedWay } from "./ways.js";

const AXE = readFileSync(
  fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url)),
  "utf8",
);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A folder for pictures, for eyes to look at. */
const SCREENSHOTS = process.env.HOPBOOK_SCREENSHOTS;

async function notebookOf(bundles: readonly OutputData[]): Promise<Notebook> {
  const output = (data: OutputData) => ({ output_type: "display_data" as const, data, metadata: {} });
  const cell = (data: OutputData, i: number) => ({
    cell_type: "code" as const,
    id: `story-${i}`,
    metadata: {},
    source: "plot.story(syn)",
    execution_count: i + 1,
    outputs: [output(data)],
  });
  const title = { cell_type: "markdown" as const, id: "title", metadata: {}, source: "# A packet's way" };
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [title, ...bundles.map(cell)] } as never;
}

describeWith("a packet's story on a page", browserHere, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hopbook-story-"));
    mkdirSync(join(folder, "assets"));
    for (const [name, content] of bookAssets()) writeFileSync(join(folder, "assets", name), content);
    writeFileSync(join(folder, "assets/search-index.js"), "window.hopbookSearchIndex = [];");
    const bundles = await Promise.all(
      [publishedWay(), droppedWay()].map(({ journey, topology }) => story(journey, { topology })[DISPLAY]()),
    );
    const notebook = await notebookOf(bundles as OutputData[]);
    const options = {
      name: "way",
      title: "A packet's way",
      chapters: [{ name: "way", title: "A packet's way" }],
    };
    writeFileSync(join(folder, "way.html"), chapterPage(notebook, options));
    const alone = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A notebook</title><body>${bundles[0]!["text/html"]}</body></html>`;
    writeFileSync(join(folder, "notebook.html"), alone);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (name: string, options?: VisitOptions) =>
    visit(browser, pathToFileURL(join(folder, `${name}.html`)).href, options);
  const first = (page: Page) => page.locator(".story").first();
  const place = (page: Page) => first(page).locator(".story-place strong").textContent();

  it("is a picture of the whole way where no script runs", async () => {
    const { page, complaints } = await open("way", { javaScriptEnabled: false });
    const picture = first(page).locator(".story-still svg");
    await expect(picture.getAttribute("aria-label")).resolves.toMatch(
      /goes client → router → docker01 → api-container: 24 hops, 15.8 µs/,
    );
    expect(await picture.isVisible()).toBe(true);
    expect(await first(page).locator(".data-table tbody tr").count()).toBe(24);
    expect(complaints).toEqual([]);
  });

  it("is stepped through, scrubbed and left by the keyboard alone", async () => {
    const { page, complaints } = await open("way");
    const buttons = first(page).locator(".story-controls button");
    expect(await buttons.allTextContents()).toEqual(["Back", "Play", "Next"]);
    expect(await first(page).locator(".story-still").isVisible()).toBe(false);
    await buttons.nth(2).focus();
    await page.keyboard.press("Enter");
    expect(await place(page)).toBe("route");
    await page.keyboard.press("ArrowRight");
    expect(await place(page)).toBe("ARP");
    expect(await first(page).locator(".story-said").textContent()).toContain("Hop 3 of 24, ARP, client");
    await first(page).locator("input").focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    expect(await place(page)).toBe("PREROUTING");
    expect(await first(page).locator("input").getAttribute("aria-valuetext")).toContain(
      "hop 13 of 24, PREROUTING, docker01",
    );
    expect(await first(page).locator(".story-told").textContent()).toMatch(
      /nat DOCKER 2: .*DNAT.*made by docker run/,
    );
    expect(await first(page).locator(".story-headers mark").allTextContents()).toEqual(["172.17.0.2"]);
    expect(await first(page).locator(".story-was").allTextContents()).toEqual([" was 192.168.56.101"]);
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    expect(await first(page).locator(".story-told").textContent()).toContain(
      "misses only by -m conntrack --ctstate RELATED,ESTABLISHED",
    );
    await page.keyboard.press("End");
    expect(await first(page).locator(".story-text").textContent()).toBe("delivered to 5000/tcp");
    expect(complaints).toEqual([]);
  });

  it("plays from hop to hop, pauses, and needs no movement", async () => {
    const { page } = await open("way", { reducedMotion: "reduce" });
    await first(page).locator("input").focus();
    await page.keyboard.press("Space");
    const play = first(page).locator(".story-play");
    expect(await play.textContent()).toBe("Pause");
    await first(page).locator(".story-count", { hasText: "4 of 24" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await play.textContent()).toBe("Play");
    const dot = first(page).locator(".story-map g[transform]");
    await first(page).locator("input").fill("12");
    const there = await dot.getAttribute("transform");
    await first(page).locator("input").fill("13");
    expect(await dot.getAttribute("transform")).not.toBe(there);
  });

  it.each([
    ["way", "light", 1440],
    ["way", "dark", 360],
    ["notebook", "light", 900],
  ] as const)(
    "%s, %s at %i pixels: no barrier, no complaint, nothing beside the screen",
    async (name, colorScheme, width) => {
      const { page, complaints } = await open(name, { colorScheme, width, reducedMotion: "reduce" });
      await first(page).locator("input").fill("16");
      if (SCREENSHOTS)
        await page.screenshot({ path: join(SCREENSHOTS, `story-${name}-${width}.png`), fullPage: true });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.evaluate(AXE);
      const found = await page.evaluate(
        `axe.run(document.querySelector(".story"), { runOnly: ${JSON.stringify(RULES)}, preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
      );
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it("takes text as text, and refuses what is no story", async () => {
    const { journey } = publishedWay();
    const made = story(journey);
    const page = { headings: [], chapterNumber: null, image: () => null } as never;
    const shown = (data: unknown) =>
      outputsHtml(
        [
          {
            output_type: "display_data",
            metadata: {},
            data: { "application/vnd.hopbook.story+json": data, "image/svg+xml": "<svg/>" },
          } as never,
        ],
        3,
        page,
      ).text;
    const hostile = { ...made.data, title: "</script><img src=x onerror=alert(1)>" };
    expect(shown(hostile)).not.toContain("<img");
    for (const wrong of [
      null,
      [],
      {},
      { ...made.data, hops: [] },
      { ...made.data, hops: [{}] },
      { ...made.data, map: { width: "1", height: 2 } },
    ])
      expect(() => shown(wrong), JSON.stringify(wrong).slice(0, 40)).toThrow(/cell 3.*story/);
  });
});

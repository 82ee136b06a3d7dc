import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chapterNames, notebookPath } from "../../kernel-lib/src/book/chapters.js";
import { type BookServer, serveBook } from "../../kernel-lib/src/book/serve.js";
import { describeWith } from "../support/requirement.js";
import { PROBLEMS } from "./fixtures/field-guide.js";
import { storedBook } from "./fixtures/stored-book.js";
import { browserHere, launchBrowser, visit } from "./fixtures/visit.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const AXE = readFileSync(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A folder for a picture of each page, for eyes to look at. */
const SCREENSHOTS = process.env.HOPBOOK_SCREENSHOTS;

/** What a page may load before the first Run, plots aside, in bytes as gzip makes them. */
const LARGEST_PAGE = 300_000;

describeWith("the book's own pages", browserHere, () => {
  let browser: Browser;
  let server: BookServer;
  let folder: string;
  let pages: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hopbook-site-"));
    pages = await storedBook(ROOT, join(folder, "book"));
    server = await serveBook({ folder: join(folder, "book") });
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const names = [
    "index",
    "glossary",
    ...chapterNames(ROOT).filter((name) => existsSync(notebookPath(ROOT, name))),
  ];
  const looks = [
    ["light", 1440],
    ["dark", 360],
  ] as const;
  it.each(names.flatMap((name) => looks.map((look) => [name, ...look] as const)))(
    "%s in %s at %i pixels: no complaint, no barrier, nothing beside the screen",
    async (name, colorScheme, width) => {
      const { page, complaints } = await visit(browser, `${server.address}${name}.html`, {
        colorScheme,
        width,
      });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      if (SCREENSHOTS)
        await page.screenshot({
          path: join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`),
          fullPage: true,
        });
      await page.evaluate(AXE);
      const violations = await page.evaluate(
        `axe.run({ runOnly: ${JSON.stringify(RULES)}, preload: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
      );
      expect(violations).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it("every figure says what it shows, and has its data", async () => {
    for (const name of pages) {
      const text = readFileSync(join(folder, "book", name), "utf8");
      const pictures = text.match(/<svg (?![^>]*class="hops")[^>]*>/g) ?? [];
      for (const picture of pictures)
        expect(picture, name).toMatch(
          /role="img"[^>]*aria-label="[^"]{12,}"|aria-label="[^"]{12,}"[^>]*role="img"/,
        );
      for (const image of text.match(/<img [^>]*>/g) ?? [])
        expect(image.slice(-300), name).toMatch(/alt="[^"]/);
      expect(text.match(/class="data-table"/g) ?? [], name).toHaveLength(pictures.length);
    }
  });

  it("search finds a word of each chapter", async () => {
    const { page } = await visit(browser, `${server.address}index.html`);
    const words: Record<string, string> = {
      "01-bridge": "iflink",
      "02-port-mapping": "hairpin",
      "03-vxlan": "1450",
      "04-swarm-ingress": "ipvsadm",
      "05-chat": "redis",
    };
    for (const chapter of chapterNames(ROOT)) {
      const opener = page.locator(".search-open");
      if (!(await page.locator(".search").isVisible())) await opener.click();
      await page
        .locator("#search-text")
        .fill(words[chapter] ?? chapter.replace(/^(\d+-|field-guide-\d+-)/, ""));
      const number = /^\d+/.exec(chapter)?.[0];
      const place = number === undefined ? /^Field guide/ : new RegExp(`^Chapter ${Number(number)}:`);
      await page.locator(".search [role=option] .search-place", { hasText: place }).first().waitFor();
    }
  });

  it("search finds each problem of the field guide by what its user saw", async () => {
    const { page } = await visit(browser, `${server.address}index.html`);
    await page.locator(".search-open").click();
    const first: string[] = [];
    for (const { symptom } of PROBLEMS) {
      await page.locator("#search-text").fill(symptom);
      await page.locator(".search-told", { hasText: /place/ }).waitFor();
      first.push(await page.locator(".search [role=option] .search-title").first().innerText());
    }
    expect(first).toEqual(PROBLEMS.map(({ title }) => title));
  });

  it("a page is light before its first Run", async () => {
    for (const name of pages) {
      const { loaded, page } = await visit(browser, server.address + name);
      const files = [...loaded.keys()].map((url) => decodeURIComponent(new URL(url).pathname));
      expect(files.length).toBeGreaterThan(4);
      const sizes = files
        .filter((file) => !/plotly/.test(file))
        .map(
          (file) => gzipSync(readFileSync(join(folder, "book", file === "/" ? "index.html" : file))).length,
        );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(total, `${basename(name)} loads ${total} bytes`).toBeLessThan(LARGEST_PAGE);
      await page.context().close();
    }
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildBook } from "../../kernel-lib/src/book/build.js";
import { type BookServer, serveBook } from "../../kernel-lib/src/book/serve.js";
import { describeWith } from "../support/requirement.js";
import { copySample, sampleOptions } from "./fixtures/sample-book.js";

const CHROMIUM = process.env.HOPBOOK_CHROMIUM ?? "/usr/bin/chromium";
const browserHere = {
  met: existsSync(CHROMIUM),
  reason: `there is no browser at ${CHROMIUM}; HOPBOOK_CHROMIUM may name one`,
};

interface Visit {
  readonly page: Page;
  /** Everything that the page complained about or asked another host for. */
  readonly complaints: string[];
}

interface VisitOptions {
  readonly width?: number;
  readonly javaScriptEnabled?: boolean;
  readonly colorScheme?: "light" | "dark";
}

describeWith("the pages in a browser", browserHere, () => {
  let browser: Browser;
  let server: BookServer;
  let folder: string;
  let remove: () => void;

  beforeAll(async () => {
    const copy = copySample();
    remove = copy.remove;
    folder = join(copy.root, "dist/book");
    await buildBook(sampleOptions(copy.root));
    server = await serveBook({ folder });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    remove?.();
  });

  async function visit(address: string, { width = 1280, ...options }: VisitOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file:|data:|blob:|http:\/\/127\.0\.0\.1:)/.test(request.url())) complaints.push(request.url());
    });
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
    await page.goto(address);
    return { page, complaints };
  }

  const addresses = () => [
    ["the server", server.address],
    ["the disk", pathToFileURL(`${folder}/`).href],
  ];

  it("work without a complaint, from the server and from the disk, plots alive when they are near", async () => {
    for (const [from, address] of addresses()) {
      const { page, complaints } = await visit(`${address}01-sample.html`);
      expect(await page.locator(".plot-live").count(), from).toBe(0);
      await page.locator(".plot").scrollIntoViewIfNeeded();
      await page.locator(".plot.alive .plot-live .bars path").first().waitFor();
      await page.locator(".theme").click();
      expect(await page.evaluate("document.documentElement.dataset.theme"), from).toBe("dark");
      for (const other of ["index.html", "02-second.html"]) await page.goto(address + other);
      expect(complaints, from).toEqual([]);
    }
  });

  it("copy code, open long outputs, and follow the reader", async () => {
    const { page } = await visit(`${server.address}01-sample.html`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("pre.code", { hasText: "brctl show`" }).hover();
    await page.locator(".copies", { hasText: "brctl show`" }).locator(".copy").click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("await docker01.sh`brctl show`;");
    const long = page.locator(".output[data-lines]");
    const before = await long.evaluate((element) => element.clientHeight);
    await page.getByText("Show all 60 lines").click();
    expect(await long.evaluate((element) => element.clientHeight)).toBeGreaterThan(before * 1.5);
    await page.locator("#look-at-it").scrollIntoViewIfNeeded();
    await page.locator(".sections a", { hasText: "Look at it" }).click();
    await page.locator('.sections a[aria-current="true"]', { hasText: "Look at it" }).waitFor();
  });

  it("can be read without JavaScript: text, drawings, solutions", async () => {
    const { page } = await visit(`${server.address}01-sample.html`, { javaScriptEnabled: false });
    expect(await page.locator(".plot-still svg").isVisible()).toBe(true);
    expect(await page.getByText("Two network interfaces that are the ends").isVisible()).toBe(true);
    const solution = page.getByText("Five: an ARP request, its reply");
    expect(await solution.isVisible()).toBe(false);
    await page.locator("details.dropdown summary").click();
    expect(await solution.isVisible()).toBe(true);
  });

  it("explain a term where the reader is", async () => {
    const { page } = await visit(`${server.address}01-sample.html`);
    await page.locator(".term").first().focus();
    const shown = `getComputedStyle(document.querySelector(".term"), "::after")`;
    await page.waitForFunction(`${shown}.visibility === "visible"`);
    expect(await page.evaluate(`${shown}.content`)).toContain("Which link-layer address belongs");
  });

  it.each([360, 768, 1280])("never scroll sideways at %i pixels", async (width) => {
    for (const name of ["index.html", "01-sample.html", "02-second.html"]) {
      const { page } = await visit(server.address + name, { width });
      if (name === "01-sample.html") await page.locator(".plot").scrollIntoViewIfNeeded();
      expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
    }
  });

  it("open the contents on a narrow screen, with and without JavaScript", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await visit(`${server.address}01-sample.html`, { width: 360, javaScriptEnabled });
      expect(await page.locator(".contents").isVisible()).toBe(false);
      await page.locator(".menu-button").click();
      await page.locator(".contents").waitFor({ state: "visible" });
    }
  });

  it("print the drawing at rest and what was folded, without the frame", async () => {
    const { page } = await visit(`${server.address}01-sample.html`, { colorScheme: "dark" });
    await page.locator(".plot").scrollIntoViewIfNeeded();
    await page.locator(".plot.alive .bars path").first().waitFor();
    await page.emulateMedia({ media: "print" });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator(".plot-still svg").isVisible()).toBe(true);
    expect(await page.locator(".plot-live").isVisible()).toBe(false);
    expect(await page.locator(".contents").isVisible()).toBe(false);
    expect(await page.locator("details:not([open])").count()).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  });
});

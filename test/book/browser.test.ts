import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildBook } from "../../kernel-lib/src/book/build.js";
import { type BookServer, serveBook } from "../../kernel-lib/src/book/serve.js";
import { describeWith } from "../support/requirement.js";
import { copySample, sampleOptions } from "./fixtures/sample-book.js";
import { browserHere, launchBrowser, visit as openPage, type VisitOptions } from "./fixtures/visit.js";

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
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    remove?.();
  });

  const visit = (address: string, options?: VisitOptions) => openPage(browser, address, options);

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

  it("explain a term beside it: by the keyboard, by the mouse over either, until Escape; and without JavaScript", async () => {
    const { page } = await visit(`${server.address}01-sample.html`);
    const hint = page.locator(".hint");
    await page.locator(".term").first().focus();
    await hint.waitFor({ state: "visible" });
    expect(await hint.textContent()).toContain("Which link-layer address belongs");
    await page.keyboard.press("Escape");
    expect(await hint.isVisible()).toBe(false);
    await page.locator(".term").first().hover();
    await hint.waitFor({ state: "visible" });
    await hint.hover();
    await page.mouse.move(1, 1);
    await hint.waitFor({ state: "hidden" });
    const plain = await visit(`${server.address}01-sample.html`, { javaScriptEnabled: false });
    await plain.page.locator(".term").first().focus();
    const shown = await plain.page
      .locator(".term")
      .first()
      .evaluate((term) => getComputedStyle(term, "::after").content);
    expect(shown).toContain("Which link-layer address belongs");
  });

  it("find words of every chapter, from the server and from the disk, by the keyboard alone", async () => {
    for (const [from, address] of addresses()) {
      const { page, complaints, loaded } = await visit(`${address}index.html`);
      expect([...loaded.keys()].filter((url) => url.includes("search-index"))).toEqual([]);
      await page.keyboard.press("/");
      await page.keyboard.type("learned docker0");
      const options = page.locator(".search [role=option]");
      await options.first().waitFor();
      expect(await page.locator("#search-text").getAttribute("aria-activedescendant"), from).toBe("found-0");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");
      await page.waitForURL(/01-sample\.html/);
      await page.keyboard.press("/");
      await page.keyboard.type("zzzz");
      await page.getByText("Nothing is found for “zzzz”.").waitFor();
      await page.keyboard.press("Escape");
      expect(await page.locator(".search").isVisible()).toBe(false);
      expect(complaints, from).toEqual([]);
    }
  });

  it("leave the key / alone when a reader says so, and while a reader writes", async () => {
    const { page } = await visit(`${server.address}index.html`);
    await page.keyboard.press("/");
    await page.locator("#search-slash").uncheck();
    await page.locator(".search-close").click();
    await page.reload();
    await page.keyboard.press("/");
    expect(await page.locator(".search").isVisible()).toBe(false);
    await page.locator(".search-open").click();
    await page.keyboard.type("a/b");
    expect(await page.locator("#search-text").inputValue()).toBe("a/b");
  });

  it("follow the system's colours again when the reader goes back to them", async () => {
    const { page } = await visit(`${server.address}index.html`, { colorScheme: "dark" });
    const theme = () => page.evaluate("document.documentElement.dataset.theme ?? null");
    await page.locator(".theme").click();
    expect(await theme()).toBe("light");
    await page.reload();
    expect(await theme()).toBe("light");
    await page.locator(".theme").click();
    expect(await theme()).toBe(null);
  });

  it("give what the labs left to take away, and the data of a plot as a table", async () => {
    const { page } = await visit(`${server.address}01-sample.html`);
    await page.getByText("Take it with you").click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "01-sample-lab.sh" }).click();
    expect((await download).suggestedFilename()).toBe("01-sample-lab.sh");
    await page.getByText("The data as a table").first().click();
    const table = page.locator(".data-table table");
    expect(await table.locator("caption").innerText()).toBe("Data: One request, hop by hop");
    expect(await table.locator("tbody tr").first().innerText()).toBe("veth\t1.2");
  });

  it("move nothing for readers who want no motion", async () => {
    const { page } = await visit(`${server.address}01-sample.html`, { width: 360, reducedMotion: "reduce" });
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration);
        }).length,
    );
    expect(moving).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")).toBe("auto");
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

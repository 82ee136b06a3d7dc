import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Notebook, Output } from "../../kernel-lib/src/base/notebook.js";
import { type BookServer, serveBook } from "../../kernel-lib/src/book/serve.js";
import { describeWith } from "../support/requirement.js";
import { SHELL_CELLS } from "../support/shell-cells.js";
import { shownOutputs } from "../support/shown-outputs.js";
import { livePages } from "./pages.js";

const CHROMIUM = process.env.HOPBOOK_CHROMIUM ?? "/usr/bin/chromium";
const browserHere = {
  met: existsSync(CHROMIUM),
  reason: `there is no browser at ${CHROMIUM}; HOPBOOK_CHROMIUM may name one`,
};

function notebookOf(sources: readonly string[]): Notebook {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code" as const, id: `c${i + 1}`, metadata: {}, source, execution_count: i + 1 },
    outputs: [{ output_type: "stream" as const, name: "stdout" as const, text: `stored ${i + 1}` }],
  }));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const SWARM = [
  'import { Lab, plot, seconds } from "hopbook";\nconst lab = Lab.preset("swarm", { docker: "20.10", seed: 7 });',
  'const replicas = 2;\nlab.machines.docker01.docker.service.create("hello", { image: "momijiame/greeting:1.0", replicas, publish: ["80:8000"] });\nlab.wait(seconds(10));',
  'plot.spread(lab.machines.client.load({ url: "http://192.168.56.100/", rate: 100, requests: 30 }))',
];

const ENDLESS = ["let n = 1;", "for (;;) n += 1;", "n"];

const NODE = [
  'import { Lab } from "hopbook";\nconst lab = Lab.preset("single", { docker: "28", seed: 7 });\nconst { docker01 } = lab.machines;',
  "%%sh docker01\ndocker run --rm node:24-alpine node -e 'console.log([1, { a: 2 }], 6 * 7)'",
];

const WORDS = [
  'console.log("a%s", 1, { b: [2] }); console.error("err"); console.table([{ x: 1 }]); [1.5, "t", null]',
  'const wrong = () => { throw new TypeError("boom"); };\nwrong();',
  '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b><img src=x onerror=alert(1)><script>alert(1)</script>", "text/plain": "p" }) })',
];

describeWith("live cells", browserHere, () => {
  let browser: Browser;
  let server: BookServer;
  let made: Awaited<ReturnType<typeof livePages>>;

  beforeAll(async () => {
    const shell = SHELL_CELLS.map(({ source }) => source);
    const notebooks = { shell, swarm: SWARM, endless: ENDLESS, node: NODE, words: WORDS };
    made = await livePages(
      new Map(Object.entries(notebooks).map(([name, sources]) => [name, notebookOf(sources)])),
    );
    server = await serveBook({ folder: made.folder });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    made?.remove();
  });

  async function open(name: string, from: "disk" | "server" = "disk"): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    page.on("pageerror", (error) => expect.fail(error.message));
    const folder = from === "disk" ? `${pathToFileURL(made.folder).href}/` : server.address;
    await page.goto(`${folder}${name}.html`);
    return page;
  }

  const outputs = async (page: Page, id: string) =>
    (await page.evaluate(`hopbookLive.outputs("${id}")`)) as Output[];

  it("with %%sh and %%trace show what the kernel shows", async () => {
    const page = await open("shell");
    for (const [i, { source, shows }] of SHELL_CELLS.entries()) {
      await page.evaluate(`hopbookLive.run("c${i + 1}")`);
      expect(shownOutputs(await outputs(page, `c${i + 1}`)), source).toEqual(shows);
    }
  });

  it("show another plot when the reader has changed the replicas, from the server and from the disk", async () => {
    for (const from of ["server", "disk"] as const) {
      const page = await open("swarm", from);
      const bars = page.locator("#cell-c3 .live-outputs .plot-live .bars path");
      await page.getByRole("button", { name: "Run all" }).click();
      await bars.nth(1).waitFor();
      expect(await bars.count()).toBe(2);
      await page.locator("#cell-c2").hover();
      await page.getByRole("button", { name: "Edit cell 2" }).click();
      await page.locator("#cell-c2 .cm-editor.cm-focused").waitFor();
      await page.keyboard.press("Control+Home");
      for (let i = 0; i < "const replicas = 2".length; i++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("5");
      await page.getByRole("button", { name: "Run all" }).click();
      await bars.nth(4).waitFor();
      expect(await bars.count()).toBe(5);
      await page.getByRole("button", { name: "Reset" }).click();
      expect(await page.locator("#cell-c2 .code").textContent()).toContain("replicas = 2");
      expect(await page.getByText("stored 3").isVisible()).toBe(true);
      await page.context().close();
    }
  }, 180_000);

  it("stop in the middle of an endless loop, and run again", async () => {
    const page = await open("endless");
    await page.locator("#cell-c2").hover();
    await page.getByRole("button", { name: "Run cell 2" }).click();
    await page.locator('#cell-c2[data-live="running"]').waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator('#cell-c2[data-live="stopped"]').waitFor();
    await page.evaluate('hopbookLive.setSource("c2", "for (let i = 0; i < 4; i++) n += 1;")');
    expect(await page.evaluate('hopbookLive.run("c3")')).toBe(true);
    expect(shownOutputs(await outputs(page, "c3"))).toEqual(["5"]);
  });

  it("run Node's programs in a container, though the page allows no eval", async () => {
    const page = await open("node");
    expect(await page.evaluate("hopbookLive.runAll()")).toBe(true);
    expect(shownOutputs(await outputs(page, "c2"))).toEqual(["[ 1, { a: 2 } ] 42"]);
  });

  it("print as Node prints, tell errors by the cell's line, and let nothing act in the page", async () => {
    const page = await open("words");
    expect(await page.evaluate('hopbookLive.run("c1")')).toBe(true);
    expect(shownOutputs(await outputs(page, "c1"))).toEqual([
      "a1 { b: [ 2 ] }\n",
      "err\n",
      "┌─────────┬───┐\n│ (index) │ x │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘\n",
      "[ 1.5, 't', null ]",
    ]);
    expect(await page.evaluate('hopbookLive.run("c2")')).toBe(false);
    const [failure] = await outputs(page, "c2");
    expect(failure).toMatchObject({ ename: "TypeError", evalue: "boom" });
    const { traceback } = failure as { readonly traceback: readonly string[] };
    expect(traceback.slice(1)).toEqual([
      '  1 | const wrong = () => { throw new TypeError("boom"); };',
      "    |                             \u001b[31m^\u001b[39m",
      "    at wrong (cell [2]:1:29)",
      "    at cell [2]:2:1",
    ]);
    expect(await page.evaluate('hopbookLive.run("c3")')).toBe(true);
    expect(await page.locator("#cell-c3 .live-outputs").innerHTML()).not.toMatch(/script|onerror/);
  });
});

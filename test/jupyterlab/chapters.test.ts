import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningJupyter, startJupyter } from "../../kernel-lib/src/cli/jupyter-run.js";
import { compareOutputs } from "../../kernel-lib/src/jupyter/compare-outputs.js";
import { isCode, type Notebook, type Output } from "../../kernel-lib/src/jupyter/notebook.js";
import { parseNotebook } from "../../kernel-lib/src/jupyter/notebook-parse.js";
import { launchBrowser } from "../book/fixtures/visit.js";
import {
  chapterNotebooks,
  NOTEBOOKS,
  requireBuild,
  withFolderInRepository,
} from "../jupyter/kernel-under-test.js";
import { describeWith } from "../support/requirement.js";
import { jupyterLabHere, LabPage, python } from "./jupyterlab.js";
import { OWN, ownNotebook, untrustedNotebook } from "./notebooks.js";

/** A folder for pictures, for eyes to look at. */
const SCREENSHOTS = process.env.HOPBOOK_SCREENSHOTS;

/** Of one step on a busy machine, and of one test, in milliseconds. */
const STEP_MS = 4 * 60_000;
const TEST_MS = 10 * 60_000;

const PLOTLY = "application/vnd.plotly.v1+json";
const STORY = "application/vnd.hopbook.story+json";

/** The code cells by their place among the code cells, with the kinds of what each shows; what is folded away shows nothing. */
function kindsOf(notebook: Notebook): ReadonlySet<string>[] {
  return notebook.cells.filter(isCode).map(({ outputs, metadata }) => {
    const { outputs_hidden: folded } = (metadata.jupyter ?? {}) as { outputs_hidden?: boolean };
    const shown = folded ? [] : outputs;
    return new Set(shown.flatMap((output) => ("data" in output ? Object.keys(output.data) : [])));
  });
}

/** A notebook without the bitmaps that Plotly's renderer lays beside what it draws. */
function withoutBitmaps(notebook: Notebook): Notebook {
  const plain = (output: Output): Output => {
    if (!("data" in output) || !(PLOTLY in output.data)) return output;
    const { "image/png": _bitmap, ...data } = output.data;
    return { ...output, data };
  };
  const cells = notebook.cells.map((cell) =>
    isCode(cell) ? { ...cell, outputs: cell.outputs.map(plain) } : cell,
  );
  return { ...notebook, cells };
}

/** How a cell's richest output must be seen. */
function drawnAs(kinds: ReadonlySet<string>, plotly: boolean): string | null {
  if (kinds.has(PLOTLY) && plotly) return ".js-plotly-plot .main-svg";
  if (kinds.has(STORY)) return ".story[data-alive] .story-map svg";
  return kinds.has("image/svg+xml") ? '[data-mime-type="image/svg+xml"] :is(img, svg)' : null;
}

describeWith("JupyterLab", jupyterLabHere, () => {
  const folder = withFolderInRepository();
  let server: RunningJupyter;
  let browser: Browser;
  let lab: LabPage;

  beforeAll(async () => {
    requireBuild();
    for (const name of chapterNotebooks()) cpSync(join(NOTEBOOKS, name), join(folder(), name));
    writeFileSync(join(folder(), OWN), ownNotebook());
    // The settings and signatures of the person who runs the tests stay as they are.
    for (const kind of ["CONFIG", "DATA", "RUNTIME"]) {
      const own = join(folder(), "jupyter", kind.toLowerCase());
      mkdirSync(own, { recursive: true });
      process.env[`JUPYTER_${kind}_DIR`] = own;
    }
    server = await startJupyter({ folder: folder(), browser: false, existing: python, tell: () => {} });
    browser = await launchBrowser();
    lab = new LabPage(browser, server.address, STEP_MS);
  }, TEST_MS);

  afterAll(async () => {
    await browser?.close();
    server?.stop();
    await server?.ended;
    for (const kind of ["CONFIG", "DATA", "RUNTIME"]) delete process.env[`JUPYTER_${kind}_DIR`];
  });

  const stored = (name: string) => parseNotebook(readFileSync(join(folder(), name), "utf8"), name);
  const picture = async (name: string) => {
    if (SCREENSHOTS) await lab.page.screenshot({ path: join(SCREENSHOTS, `jupyterlab-${name}.png`) });
  };

  /** The reader's own setting: without the extension JupyterLab has no renderer for Plotly. */
  function setPlotly(on: boolean): void {
    const file = join(folder(), "jupyter/config/labconfig/page_config.json");
    mkdirSync(join(file, ".."), { recursive: true });
    if (on) rmSync(file, { force: true });
    else writeFileSync(file, '{ "disabledExtensions": { "@jupyterlab/plotly-extension": true } }');
  }

  it(
    "opens at chapter 1, on the kernel, without a question, and trusted",
    async () => {
      await lab.visit(server.address);
      const { page } = lab;
      await page.locator(".jp-NotebookPanel h1", { hasText: "One host, one bridge" }).waitFor();
      await lab.idle();
      expect(await page.locator(".jp-Toolbar-kernelName").textContent()).toBe("TypeScript (Hopbook)");
      expect(await page.locator(".jp-StatusItem-trust").getAttribute("title")).toMatch(/^Notebook trusted/);
      expect(await page.locator(".jp-Dialog, .jp-toastContainer .Toastify__toast").count()).toBe(0);
      await picture("first");
    },
    TEST_MS,
  );

  it.each(chapterNotebooks().map((name, i) => [name, i === 0 ? "pictures" : "Plotly"] as const))(
    "restarts and runs all of %s: the outputs of the book, drawn (plots by %s)",
    async (name, renderer) => {
      const plotly = renderer === "Plotly";
      const before = parseNotebook(readFileSync(join(NOTEBOOKS, name), "utf8"), name);
      const kinds = kindsOf(before);
      setPlotly(plotly);
      await lab.open(name);
      await lab.restartAndRunAll();
      const differences = async () => {
        await lab.save();
        return compareOutputs(before, withoutBitmaps(stored(name)));
      };
      await expect.poll(differences, { timeout: STEP_MS, interval: 1000 }).toEqual([]);
      for (const [i, kind] of kinds.entries()) {
        const drawn = drawnAs(kind, plotly);
        if (drawn === null) continue;
        await lab.show(i);
        await lab.cell(i).locator(drawn).first().waitFor();
        if (kind.has(PLOTLY) || kind.has(STORY)) await picture(`${name}-${i + 1}`);
      }
      if (!plotly) expect(await lab.page.locator(".js-plotly-plot").count()).toBe(0);
    },
    TEST_MS,
  );

  it(
    "plays a packet's way by the keyboard",
    async () => {
      const name = chapterNotebooks().find((file) => kindsOf(stored(file)).some((kind) => kind.has(STORY)))!;
      await lab.open(name);
      await lab.show(kindsOf(stored(name)).findIndex((kind) => kind.has(STORY)));
      const story = lab.page.locator(".story").first();
      await story.locator(".story-controls button", { hasText: "Next" }).focus();
      await lab.page.keyboard.press("ArrowRight");
      await lab.page.keyboard.press("ArrowRight");
      expect(await story.locator(".story-count").textContent()).toMatch(/^3 of \d+/);
      await picture("story");
    },
    TEST_MS,
  );

  it(
    "shows a story that is not trusted as its words and its picture",
    async () => {
      writeFileSync(join(folder(), "98-foreign.ipynb"), untrustedNotebook(folder(), chapterNotebooks()));
      await lab.open("98-foreign.ipynb");
      const output = lab.page.locator(".jp-OutputArea-output").first();
      await output.locator("img").waitFor();
      expect(await output.locator("script, .story-box, svg").count()).toBe(0);
      const words = (await output.innerText()).trim();
      expect(words).toMatch(/TCP SYN .* goes /);
      expect(words).not.toContain("veth");
      await picture("untrusted");
    },
    TEST_MS,
  );

  it(
    "completes with help, helps with a call, and colours a shell cell",
    async () => {
      await lab.open(OWN);
      const { page } = lab;
      await lab.cell(0).locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
      await lab.cell(0).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();
      const listed = await (await lab.complete(1, "lab.")).allTextContents();
      expect(listed.join(" ")).toMatch(/sleepmethod.*topologymethod.*tracemethod/);
      await page.locator(".jp-Completer-docpanel", { hasText: "(method) Lab" }).waitFor();
      await picture("completion");
      await page.keyboard.press("Escape");

      await lab.write(1, "lab.trace(");
      await page.keyboard.press("Shift+Tab");
      await page.locator(".jp-Tooltip", { hasText: "Records what every packet does" }).waitFor();
      await picture("help");
      await page.keyboard.press("Escape");

      await lab.write(1, "%%sh docker01\n# nothing here is false");
      const line = lab.cell(1).locator(".cm-line").nth(1);
      await line.locator("span", { hasText: /^# nothing here is false$/ }).waitFor();
    },
    TEST_MS,
  );

  it(
    "stops endless cells, and redraws a bar in its place",
    async () => {
      const { page } = lab;
      for (const endless of [
        "while (true) {}",
        "await new Promise((later) => setTimeout(later, 10)); for (;;) {}",
        "await new Promise(() => {})",
      ]) {
        await lab.write(1, endless);
        await page.keyboard.press("Control+Enter");
        await lab.cell(1).locator(".jp-InputPrompt", { hasText: "[*]:" }).waitFor();
        await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
        await lab.cell(1).locator(".jp-OutputArea", { hasText: "the cell was interrupted" }).waitFor();
        await lab.idle();
      }
      const bar = [
        'import { display } from "hopbook";',
        "const show = (n: number) => display({ 'text/plain': 'bar ' + n }, { id: 'bar', update: n > 1 });",
        "for (const n of [1, 2, 3]) await show(n);",
      ].join("\n");
      await lab.run(1, bar, "bar 3");
      expect(await lab.cell(1).locator(".jp-OutputArea-output").allTextContents()).toEqual(["bar 3"]);
    },
    TEST_MS,
  );

  it(
    "says an exit status, and keeps what was saved",
    async () => {
      await lab.run(1, "%%sh docker01\nfalse", "bash on docker01 ended with exit status 1");
      await lab.run(1, "%%sh docker01\nbrctl show", "8000.");
      const saved = async () => {
        await lab.save();
        return JSON.stringify(stored(OWN));
      };
      await expect.poll(saved, { timeout: STEP_MS, interval: 1000 }).toContain("docker0\\t\\t8000.");
      await lab.open(OWN);
      await lab.page.locator(".jp-OutputArea", { hasText: "bridge name" }).waitFor();
      expect(lab.complaints).toEqual([]);
    },
    TEST_MS,
  );
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { browserHere } from "../book/fixtures/visit.js";
import { ROOT } from "../jupyter/kernel-under-test.js";

/** The Python to test with: HOPBOOK_PYTHON, or the repository's own environment. */
export const python = process.env.HOPBOOK_PYTHON ?? join(ROOT, ".venv/bin/python");

function missing(): string | null {
  if (!browserHere.met) return browserHere.reason;
  if (!existsSync(python)) return `no Python at ${python} (set HOPBOOK_PYTHON)`;
  const { status } = spawnSync(python, ["-c", "import jupyterlab, plotly"]);
  return status === 0 ? null : `${python} has no JupyterLab with Plotly (pip install jupyterlab plotly)`;
}

const reason = missing();
export const jupyterLabHere = { met: reason === null, reason: reason ?? "" };

/** What one request for completions may take, in milliseconds. */
const COMPLETION_MS = 12_000;

/** What a reader does in JupyterLab's window. */
export class LabPage {
  /** What the page asked another host for, and what it could not do. */
  readonly complaints: string[] = [];

  /** The window of today: every notebook is opened in a new one, since a window with unsaved changes will not be left. */
  page!: Page;

  constructor(
    readonly browser: Browser,
    /** The server's address with its token. */
    readonly address: string,
    /** How long a step may take, in milliseconds. */
    readonly patience: number,
  ) {}

  /** Opens an address in a new window. */
  async visit(address: string): Promise<void> {
    await this.page?.context().close();
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 } });
    this.page = await context.newPage();
    this.page.setDefaultTimeout(this.patience);
    this.page.setDefaultNavigationTimeout(this.patience);
    this.page.on("request", (request) => {
      if (!/^(data:|blob:|(http|ws):\/\/127\.0\.0\.1:)/.test(request.url()))
        this.complaints.push(request.url());
    });
    await this.page.goto(address);
  }

  /** Opens a notebook alone in the window, with a kernel of its own, and waits until that listens. */
  async open(name: string): Promise<void> {
    await this.endKernels();
    const url = new URL(this.address);
    url.pathname = `/lab/tree/${encodeURIComponent(name)}`;
    // A new workspace: nothing else is open in it.
    url.searchParams.set("reset", "");
    await this.visit(url.href);
    await this.page.locator(".jp-Notebook .jp-Cell").nth(1).waitFor();
    await this.idle();
  }

  async endKernels(): Promise<void> {
    const { origin, searchParams } = new URL(this.address);
    const headers = { authorization: `token ${searchParams.get("token")}` };
    const sessions = (await (await fetch(`${origin}/api/sessions`, { headers })).json()) as { id: string }[];
    for (const { id } of sessions) await fetch(`${origin}/api/sessions/${id}`, { method: "DELETE", headers });
  }

  /** Waits until the kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page.locator("#jp-main-statusbar", { hasText: "TypeScript (Hopbook) | Idle" }).waitFor();
  }

  /** Restarts the kernel, runs all cells and waits until none waits any more. */
  async restartAndRunAll(): Promise<void> {
    await this.page.locator('[data-command="notebook:restart-run-all"]').first().click();
    await this.page.locator(".jp-Dialog button.jp-mod-accept").click();
    // JupyterLab lays out only what is near the window: the rest is there, and not to be seen.
    const waiting = this.page.locator(".jp-CodeCell .jp-InputPrompt", { hasText: "[*]:" }).first();
    await waiting.waitFor({ state: "attached" });
    await waiting.waitFor({ state: "detached" });
    await this.idle();
  }

  async save(): Promise<void> {
    await this.page.locator('[data-command="docmanager:save"]').first().click();
  }

  /** A code cell, by its place among the code cells. */
  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  /** Scrolls to a code cell. */
  async show(index: number): Promise<void> {
    await this.cell(index).evaluate((element) => element.scrollIntoView({ block: "center" }));
  }

  /** Puts text into a code cell in place of what it holds; the cursor is behind it. */
  async write(index: number, text: string): Promise<void> {
    await this.cell(index).locator(".cm-content").click();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
  }

  /** Writes a text and asks for its completions with Tab: again where the kernel was still reading types, and JupyterLab did not wait for it. */
  async complete(index: number, text: string): Promise<Locator> {
    const items = this.page.locator(".jp-Completer-item");
    for (let shown = 0; shown === 0; shown = await items.count()) {
      await this.write(index, text);
      await this.page.keyboard.press("Tab");
      await items
        .first()
        .waitFor({ timeout: COMPLETION_MS })
        .catch(() => {});
    }
    return items;
  }

  /** Runs a code cell with new text, and waits for this text in what it shows. */
  async run(index: number, text: string, shown: string): Promise<void> {
    await this.write(index, text);
    await this.page.keyboard.press("Control+Enter");
    await this.cell(index).locator(".jp-OutputArea", { hasText: shown }).waitFor();
    await this.idle();
  }
}

import type { CellSource, LiveCell } from "./live-cell.js";
import { LiveNotebook } from "./notebook.js";
import { loadEditor } from "./page-window.js";

/**
 * What a page loads so that its cells can run: the buttons. The library, the editor and what draws outputs come with the first press.
 */
function button(className: string, text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Run and Edit beside the cell's code. */
function cellButtons(cell: LiveCell, notebook: LiveNotebook): void {
  const { input, given } = cell;
  if (input === null) return;
  const name = input.dataset.count ? `cell ${input.dataset.count}` : "this cell";
  const run = button("live-run", "Run", () => void notebook.run(given.id));
  run.setAttribute("aria-label", `Run ${name}`);
  run.title = "Run this cell, and first those above it that have not run yet";
  const edit = button("live-edit", "Edit", () => void cell.edit(() => void notebook.run(given.id)));
  edit.setAttribute("aria-label", `Edit ${name}`);
  const bar = document.createElement("div");
  bar.className = "live-buttons";
  bar.append(run, edit);
  input.before(bar);
  run.addEventListener("pointerenter", () => notebook.warm(), { once: true });
  edit.addEventListener("pointerenter", () => void loadEditor().catch(() => undefined), { once: true });
}

/** Run all, Stop and Reset, and what is going on, at the page's foot while the reader reads. */
function pageBar(notebook: LiveNotebook): void {
  const bar = document.createElement("div");
  bar.className = "live-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Run the chapter");
  const all = button("live-all", "Run all", () => void notebook.runAll());
  const stop = button("live-stop", "Stop", () => notebook.stop());
  const reset = button("live-reset", "Reset", () => notebook.reset());
  const status = document.createElement("span");
  status.className = "live-status";
  status.setAttribute("role", "status");
  status.textContent = "This chapter runs here, in your browser.";
  stop.disabled = true;
  notebook.onStatus = (text, busy) => {
    status.textContent = text;
    stop.disabled = !busy;
    bar.dataset.busy = String(busy);
  };
  bar.append(all, stop, reset, status);
  const first = notebook.cells.find(({ section }) => section !== null)?.section;
  (document.querySelector("article") ?? first?.parentElement)?.append(bar);
}

const data = document.querySelector("#notebook-cells")?.textContent;
if (data && "Worker" in window) {
  const notebook = new LiveNotebook(JSON.parse(data) as CellSource[]);
  for (const cell of notebook.cells) cellButtons(cell, notebook);
  pageBar(notebook);
  window.hopbookLive = notebook;
}

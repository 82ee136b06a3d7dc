import { isShellCell } from "../../base/cell-magic.js";
import { type Cell, type CodeCell, joinText } from "../../base/notebook.js";
import { highlightCode } from "./highlight.js";
import { markdownToHtml, type PageText } from "./markdown.js";
import { html, jsonScript, type Markup, NOTHING } from "./markup.js";
import { outputsHtml } from "./outputs.js";

/** One cell of a notebook as a part of the page. `number` is 1 for the first cell. */
export function cellHtml(cell: Cell, number: number, page: PageText): Markup {
  switch (cell.cell_type) {
    case "markdown":
      return html`<section class="prose" id="cell-${cell.id}">\n${markdownToHtml(joinText(cell.source), page, cell.attachments)}</section>\n`;
    case "raw":
      return NOTHING;
    case "code":
      return codeCellHtml(cell, number, page);
  }
}

/** Tags `hide-…` fold a part until the reader asks, `remove-…` leave it out (Jupyter Book's words). */
function codeCellHtml(cell: CodeCell, number: number, page: PageText): Markup {
  const tags = Array.isArray(cell.metadata.tags) ? cell.metadata.tags : [];
  const has = (tag: string) => tags.includes(tag);
  if (has("remove-cell")) return NOTHING;
  const source = joinText(cell.source);
  const shownOutputs = has("remove-output") ? NOTHING : outputsHtml(cell.outputs, number, page);
  const input = has("remove-input") || source.trim() === "" ? NOTHING : inputHtml(source, cell);
  const inputPart = has("hide-input") ? folded("Show the code", input) : input;
  const outputPart = has("hide-output") ? folded("Show the output", shownOutputs) : shownOutputs;
  const body = html`${inputPart}${outputPart}`;
  if (body.text === "") return NOTHING;
  const inner = has("hide-cell") ? folded("Show one way to do it", body) : body;
  return html`<section class="cell" id="cell-${cell.id}" data-cell="${cell.id}">\n${inner}</section>\n`;
}

function folded(title: string, body: Markup): Markup {
  return body.text === ""
    ? NOTHING
    : html`<details class="folded"><summary>${title}</summary>\n${body}</details>\n`;
}

function inputHtml(source: string, cell: CodeCell): Markup {
  const count = cell.execution_count === null ? "" : String(cell.execution_count);
  const { code, language } = highlightCell(source);
  return html`<div class="input" data-count="${count}"><pre class="code"><code class="language-${language}">${code}</code></pre></div>\n`;
}

/** A cell whose first line is `%%sh MACHINE` or `%%trace MACHINE` is bash for that machine; every other is TypeScript, with or without `%%trace` above it. */
function highlightCell(source: string): { code: Markup; language: string } {
  const magic = /^%%[a-z]+[^\n]*\n?/.exec(source)?.[0] ?? "";
  const language = isShellCell(source) ? "bash" : "typescript";
  const head = magic === "" ? NOTHING : html`<span class="hljs-meta">${magic}</span>`;
  return { code: html`${head}${highlightCode(source.slice(magic.length), language)}`, language };
}

/**
 * The sources of all code cells in their order, those that the page does not show included: what a script needs to run the chapter. A script element
 * that no browser runs.
 */
export function cellSources(cells: readonly Cell[]): Markup {
  const sources = cells.flatMap((cell) =>
    cell.cell_type === "code"
      ? [{ id: cell.id, source: joinText(cell.source), tags: cell.metadata.tags ?? [] }]
      : [],
  );
  return sources.length === 0 ? NOTHING : jsonScript(sources, { id: "notebook-cells" });
}

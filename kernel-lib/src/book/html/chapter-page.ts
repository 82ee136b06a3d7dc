import { type Cell, joinText, type Notebook } from "../../base/notebook.js";
import { type ContentsEntry, chapterNumber, contentsHtml, neighboursHtml } from "./contents.js";
import { cellsHtml } from "./folds.js";
import type { PageText } from "./markdown.js";
import { html } from "./markup.js";
import { openerHtml } from "./opener.js";
import { pageHtml } from "./page.js";

export interface ChapterPageOptions {
  /** The page's name, e.g. `01-bridge`. */
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Every chapter of the book in its order. */
  readonly chapters: readonly ContentsEntry[];
  /** The image at a path as the notebook writes it, as a `data:` URL; null when there is none. */
  readonly image?: (path: string) => string | null;
}

/** The title stands in the page's head, so the first cell's own heading goes. */
function withoutTitle(cells: readonly Cell[]): Cell[] {
  const [first, ...rest] = cells;
  if (first?.cell_type !== "markdown") return [...cells];
  const source = joinText(first.source).replace(/^# .*(\n+|$)/, "");
  return source === "" ? rest : [{ ...first, source }, ...rest];
}

/** An executed notebook as a page. Throws `PageError` for a cell that no page can show. */
export function chapterPage(notebook: Notebook, options: ChapterPageOptions): string {
  const page: PageText = {
    headings: [],
    chapterNumber: chapterNumber(options.name),
    image: options.image ?? (() => null),
  };
  const cells = withoutTitle(notebook.cells);
  const dropped = notebook.cells.length - cells.length;
  const body = cellsHtml(cells, dropped + 1, page);
  const colophon = html`<footer class="colophon"><p>Every output on this page was made by running the chapter's notebook:
<a href="${options.name}.ipynb" download>${options.name}.ipynb</a>. Times are modelled, not measured.</p></footer>\n`;
  const opener = openerHtml({ ...options, chapters: options.chapters.length });
  return pageHtml({
    title: `${options.title} · Hopbook`,
    description: options.subtitle ?? options.title,
    kind: "chapter",
    sidebar: contentsHtml(options.chapters, options.name, page.headings),
    main: html`<article>\n${opener}${body}</article>\n${neighboursHtml(options.chapters, options.name)}${colophon}`,
    plots: body.text.includes('class="plot-data"'),
  });
}

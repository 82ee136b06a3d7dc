import { type Cell, joinText, type Notebook } from "../../base/notebook.js";
import type { Download } from "../downloads/materials.js";
import { cellSources } from "./cells.js";
import { type ContentsEntry, chapterNumber, contentsHtml, neighboursHtml } from "./contents.js";
import { cellsHtml } from "./folds.js";
import type { Heading, PageText } from "./markdown.js";
import { html, type Markup } from "./markup.js";
import { openerHtml } from "./opener.js";
import { pageHtml } from "./page.js";
import { type SearchEntry, sectionEntries } from "./search-entries.js";

export interface ChapterPageOptions {
  /** The page's name, e.g. `01-bridge`. */
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Every chapter of the book in its order. */
  readonly chapters: readonly ContentsEntry[];
  /** Files beside the page, made with it. */
  readonly downloads?: readonly Download[];
  /** True when the cells can be run on the page. */
  readonly live?: boolean;
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

/** What a reader may take away: the notebook, and what its labs left. */
function downloadsHtml(name: string, downloads: readonly Download[]): Markup {
  const notebook = { file: `${name}.ipynb`, what: "Notebook, with its outputs" };
  const items = [notebook, ...downloads].map(
    ({ file, what }) => html`<li><a href="${file}" download>${file}</a> <span>${what}</span></li>\n`,
  );
  return html`<details class="downloads"><summary>Take it with you</summary>\n<ul>\n${items}</ul>\n</details>\n`;
}

/** A chapter's page, and what the search knows of it. */
export interface ChapterParts {
  readonly page: string;
  /** The text between the page's frame: opener and cells. */
  readonly article: Markup;
  readonly headings: readonly Heading[];
  readonly entries: readonly SearchEntry[];
}

/** An executed notebook as a page. Throws `PageError` for a cell that no page can show. */
export function chapterPage(notebook: Notebook, options: ChapterPageOptions): string {
  return chapterParts(notebook, options).page;
}

/** The same, with the entries of the search index. Throws `PageError` for a cell that no page can show. */
export function chapterParts(notebook: Notebook, options: ChapterPageOptions): ChapterParts {
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
  const numbered = options.chapters.filter(({ name }) => chapterNumber(name) !== null).length;
  const take = downloadsHtml(options.name, options.downloads ?? []);
  const opener = openerHtml({ ...options, chapters: numbered, take });
  const article = html`<article>\n${opener}${body}</article>\n`;
  const made = pageHtml({
    title: `${options.title} · Hopbook`,
    description: options.subtitle ?? options.title,
    kind: "chapter",
    sidebar: contentsHtml(options.chapters, options.name, page.headings),
    main: html`${article}${neighboursHtml(options.chapters, options.name)}${colophon}${cellSources(cells)}`,
    plots: body.text.includes('class="plot-data"'),
    stories: body.text.includes('class="story-data"'),
    live: options.live === true,
  });
  const place =
    page.chapterNumber === null ? options.title : `Chapter ${page.chapterNumber}: ${options.title}`;
  return {
    page: made,
    article,
    headings: page.headings,
    entries: sectionEntries(cells, page.headings, { ...options, place }),
  };
}

import { type ContentsEntry, chapterNumber } from "../html/contents.js";
import type { Book } from "../html/cover-page.js";
import { useDom } from "../html/dom.js";
import type { Heading } from "../html/markdown.js";
import { html, type Markup, NOTHING, trusted } from "../html/markup.js";
import { pageHtml } from "../html/page.js";

/** A chapter as it stands in the whole book. */
export interface PrintedChapter extends ContentsEntry {
  readonly article: Markup;
  readonly headings: readonly Heading[];
}

/** The number of the page on which an anchor lies; null before it is known. */
export type PageOf = (anchor: string) => number | null;

/** The whole book as one page for paper: title, contents with the numbers of pages, all chapters. */
export function wholeBookHtml(book: Book, chapters: readonly PrintedChapter[], pageOf: PageOf): string {
  const names = new Set(chapters.map(({ name }) => name));
  const texts = chapters.map(
    (chapter) =>
      html`<section class="printed" id="${chapter.name}">\n${printedArticle(chapter, names)}</section>\n`,
  );
  const title = html`<header class="title-page">\n<h1>${book.title}</h1>\n<p class="subtitle">${book.subtitle}</p>\n<p>${book.about}</p>\n</header>\n`;
  return pageHtml({
    title: book.title,
    description: book.subtitle,
    kind: "paper",
    sidebar: NOTHING,
    main: html`${title}${contentsForPaper(chapters, pageOf)}${texts}`,
    plots: false,
  });
}

function contentsForPaper(chapters: readonly PrintedChapter[], pageOf: PageOf): Markup {
  const line = (anchor: string, number: string | number | null, text: string) =>
    html`<a href="#${anchor}"><span class="number">${number}</span> <span class="text">${text}</span> <span class="page-number">${pageOf(anchor) ?? "000"}</span></a>`;
  const items = chapters.map(({ name, title, headings }) => {
    const sections = headings
      .filter(({ level }) => level === 2)
      .map(({ id, number, text }) => html`<li>${line(`${name}--${id}`, number, text)}</li>\n`);
    return html`<li>${line(name, chapterNumber(name), title)}\n<ol>\n${sections}</ol></li>\n`;
  });
  return html`<nav class="paper-contents" aria-label="Contents">\n<h2>Contents</h2>\n<ol>\n${items}</ol>\n</nav>\n`;
}

/** The chapter with anchors of its own: in one document no two chapters may share one, and links between them stay within it. */
function printedArticle({ name, article }: PrintedChapter, names: ReadonlySet<string>): Markup {
  const figures = article.text.replace(/\bfigure-(\d+-\d+)/g, `figure-${name}-$1`);
  const box = useDom().document.createElement("template");
  box.innerHTML = figures;
  for (const element of box.content.querySelectorAll("[id]"))
    if (!element.closest("svg")) element.id = `${name}--${element.id}`;
  for (const link of box.content.querySelectorAll("a[href]")) {
    const target = innerTarget(link.getAttribute("href")!, name, names);
    if (target !== null) link.setAttribute("href", target);
  }
  for (const gone of box.content.querySelectorAll(".downloads, .data-table, script")) gone.remove();
  for (const folded of box.content.querySelectorAll("details")) folded.setAttribute("open", "");
  return trusted(box.innerHTML);
}

/** Where a link of a chapter leads within the whole book; null for one that leaves it. */
function innerTarget(target: string, name: string, names: ReadonlySet<string>): string | null {
  if (target.startsWith("#")) return `#${name}--${target.slice(1)}`;
  const [, page, anchor] = /^([\w.-]+)\.html(?:#(.*))?$/.exec(target) ?? [];
  if (page === undefined || !names.has(page)) return null;
  return anchor === undefined ? `#${page}` : `#${page}--${anchor}`;
}

import { type ContentsEntry, chapterNumber, contentsHtml } from "./contents.js";
import { html, type Markup, NOTHING } from "./markup.js";
import { pageHtml } from "./page.js";

/** What the cover says about the book. */
export interface Book {
  readonly title: string;
  readonly subtitle: string;
  /** One paragraph: what a reader gets. */
  readonly about: string;
}

/** The book's first page: its chapters as the hops of one way. */
export function coverPage(book: Book, chapters: readonly ContentsEntry[]): string {
  const also = chapters.filter(({ name, part }) => chapterNumber(name) === null && part === undefined);
  const items = chapters
    .filter(({ name }) => chapterNumber(name) !== null)
    .map((chapter) => {
      const line =
        chapter.subtitle === undefined ? NOTHING : html`<span class="line">${chapter.subtitle}</span>`;
      return html`<li><a href="${chapter.name}.html"><span class="number">${chapterNumber(chapter.name) ?? "·"}</span><span class="name">${chapter.title}</span>${line}</a></li>\n`;
    });
  return pageHtml({
    title: book.title,
    description: book.subtitle,
    kind: "cover",
    sidebar: contentsHtml(chapters, "", []),
    main: html`<article>\n<header class="opener">\n<h1>${book.title}</h1>\n<p class="subtitle">${book.subtitle}</p>\n<p>${book.about}</p>\n</header>
<ol class="way">\n${items}</ol>\n${alsoHtml(also)}</article>\n`,
    plots: false,
  });
}

/** The pages that are no hop of the way. */
function alsoHtml(pages: readonly ContentsEntry[]): Markup {
  if (pages.length === 0) return NOTHING;
  const items = pages.map(({ name, title, subtitle }) => {
    const line = subtitle === undefined ? NOTHING : html` <span class="line">${subtitle}</span>`;
    return html`<li><a href="${name}.html">${title}</a>${line}</li>\n`;
  });
  return html`<ul class="also">\n${items}</ul>\n`;
}

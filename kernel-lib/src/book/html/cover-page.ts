import { type ContentsEntry, chapterNumber, contentsHtml } from "./contents.js";
import { html, NOTHING } from "./markup.js";
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
  const items = chapters.map((chapter) => {
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
<ol class="way">\n${items}</ol>\n</article>\n`,
    plots: false,
  });
}

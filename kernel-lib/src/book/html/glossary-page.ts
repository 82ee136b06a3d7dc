import type { Term, Terms } from "../myst/terms.js";
import { plainText } from "../myst/terms.js";
import { type ContentsEntry, chapterNumber, contentsHtml, neighboursHtml } from "./contents.js";
import { html } from "./markup.js";
import { pageHtml } from "./page.js";

/** The page that lists the terms of all chapters. */
export const GLOSSARY: ContentsEntry = {
  name: "glossary",
  title: "Glossary",
  subtitle: "Every term of the book, with the chapter that explains it.",
};

/** Every term of the book in the order of the alphabet. */
export function glossaryPage(terms: Terms, entries: readonly ContentsEntry[]): string {
  const sorted = [...terms].sort(([, a], [, b]) => order(a).localeCompare(order(b), "en"));
  const items = sorted.map(([slug, { name, summary, chapter }]) => {
    const number = chapterNumber(chapter);
    const where = html`<a href="${chapter}.html#term-${slug}" aria-label="${plainText(name)} in chapter ${number}">Chapter ${number}</a>`;
    return html`<dt id="term-${slug}">${plainText(name)}</dt>\n<dd><p>${summary} ${where}</p></dd>\n`;
  });
  return pageHtml({
    title: `${GLOSSARY.title} · Hopbook`,
    description: GLOSSARY.subtitle!,
    kind: "appendix",
    sidebar: contentsHtml(entries, GLOSSARY.name, []),
    main: html`<article>\n<header class="opener">\n<h1>${GLOSSARY.title}</h1>\n<p class="subtitle">${GLOSSARY.subtitle!}</p>\n</header>
<section class="prose"><dl class="glossary">\n${items}</dl></section>\n</article>\n${neighboursHtml(entries, GLOSSARY.name)}`,
    plots: false,
  });
}

const order = ({ name }: Term) => plainText(name).toLowerCase();

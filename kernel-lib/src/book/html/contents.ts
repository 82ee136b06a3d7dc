import type { Heading } from "./markdown.js";
import { html, type Markup, NOTHING, trusted } from "./markup.js";

/** A chapter as the contents list it. */
export interface ContentsEntry {
  /** The page's file without its ending, e.g. `01-bridge`. */
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
}

/** The number at the head of a chapter's name: 1 for `01-bridge`; null for a page outside the count. */
export function chapterNumber(name: string): number | null {
  const digits = /^(\d+)-/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function sectionList(headings: readonly Heading[]): Markup {
  const sections = headings.filter((heading) => heading.level === 2);
  if (sections.length === 0) return NOTHING;
  const items = sections.map(
    ({ id, number, text }) =>
      html`<li><a href="#${id}"><span class="number">${number ?? ""}</span>${text}</a></li>\n`,
  );
  return html`<ol class="sections">\n${items}</ol>\n`;
}

/** Every chapter of the book; under the one that is open, its sections. */
export function contentsHtml(
  entries: readonly ContentsEntry[],
  open: string,
  headings: readonly Heading[],
): Markup {
  const items = entries.map((entry) => {
    const here = entry.name === open;
    const current = here ? trusted(' aria-current="page"') : NOTHING;
    const number = chapterNumber(entry.name) ?? "";
    const link = html`<a href="${entry.name}.html"${current}><span class="number">${number}</span>${entry.title}</a>`;
    return html`<li>${link}${here ? sectionList(headings) : NOTHING}</li>\n`;
  });
  return html`<nav class="contents" aria-label="Contents">\n<ol>\n${items}</ol>\n</nav>\n`;
}

/** Links to the chapters before and after. */
export function neighboursHtml(entries: readonly ContentsEntry[], open: string): Markup {
  const at = entries.findIndex((entry) => entry.name === open);
  const link = (entry: ContentsEntry | undefined, rel: string, label: string) =>
    entry
      ? html`<a class="${rel}" rel="${rel}" href="${entry.name}.html"><small>${label}</small>${entry.title}</a>\n`
      : NOTHING;
  const before = link(at > 0 ? entries[at - 1] : undefined, "prev", "Previous chapter");
  const after = link(at >= 0 ? entries[at + 1] : undefined, "next", "Next chapter");
  if (before.text + after.text === "") return NOTHING;
  return html`<nav class="neighbours" aria-label="Chapters">\n${before}${after}</nav>\n`;
}

import type { Heading } from "./markdown.js";
import { html, type Markup, NOTHING, trusted } from "./markup.js";

/** A chapter as the contents list it. */
export interface ContentsEntry {
  /** The page's file without its ending, e.g. `01-bridge`. */
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Of an appendix's further page: the page that opens the appendix. */
  readonly part?: string | undefined;
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

/** Every chapter of the book; under the one that is open, its sections; within an appendix, its pages. */
export function contentsHtml(
  entries: readonly ContentsEntry[],
  open: string,
  headings: readonly Heading[],
): Markup {
  const opened = entries.find(({ name }) => name === open);
  const item = (entry: ContentsEntry, within: Markup) => {
    const current = entry === opened ? trusted(' aria-current="page"') : NOTHING;
    const number = chapterNumber(entry.name) ?? "";
    const link = html`<a href="${entry.name}.html"${current}><span class="number">${number}</span>${shortTitle(entry, entries)}</a>`;
    return html`<li>${link}${entry === opened ? sectionList(headings) : NOTHING}${within}</li>\n`;
  };
  const items = entries
    .filter(({ part }) => part === undefined)
    .map((entry) => {
      const further = entries.filter(({ part }) => part === entry.name);
      const inside = entry === opened || entry.name === opened?.part;
      const pages = further.map((page) => item(page, NOTHING));
      return item(entry, inside && further.length > 0 ? html`<ol class="pages">\n${pages}</ol>\n` : NOTHING);
    });
  return html`<nav class="contents" aria-label="Contents">\n<ol>\n${items}</ol>\n</nav>\n`;
}

/** Under the appendix's own title a page need not repeat it: `One host` for `Field guide: one host`. */
function shortTitle({ title, part }: ContentsEntry, entries: readonly ContentsEntry[]): string {
  const head = `${entries.find(({ name }) => name === part)?.title}: `;
  return title.startsWith(head)
    ? title.charAt(head.length).toUpperCase() + title.slice(head.length + 1)
    : title;
}

/** Links to the chapters before and after. */
export function neighboursHtml(entries: readonly ContentsEntry[], open: string): Markup {
  const at = entries.findIndex((entry) => entry.name === open);
  const link = (entry: ContentsEntry | undefined, rel: string, label: string) =>
    entry
      ? html`<a class="${rel}" rel="${rel}" href="${entry.name}.html"><small>${label}</small>${entry.title}</a>\n`
      : NOTHING;
  const kind = (entry: ContentsEntry | undefined) =>
    entry !== undefined && chapterNumber(entry.name) !== null ? "chapter" : "page";
  const [earlier, later] = [at > 0 ? entries[at - 1] : undefined, at >= 0 ? entries[at + 1] : undefined];
  const before = link(earlier, "prev", `Previous ${kind(earlier)}`);
  const after = link(later, "next", `Next ${kind(later)}`);
  if (before.text + after.text === "") return NOTHING;
  return html`<nav class="neighbours" aria-label="Chapters">\n${before}${after}</nav>\n`;
}

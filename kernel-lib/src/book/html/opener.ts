import { chapterNumber } from "./contents.js";
import { html, type Markup, NOTHING, trusted } from "./markup.js";

/**
 * The way of the book as a packet's: one hop a chapter, those behind the reader filled, the current one larger;
 * nothing for a book of one chapter.
 */
function hopsPicture(chapter: number, count: number): Markup {
  if (count < 2) return NOTHING;
  const step = 56;
  const hops = Array.from({ length: count }, (_, i) => {
    const state = i + 1 === chapter ? "here" : i + 1 < chapter ? "done" : "ahead";
    return `<circle class="${state}" cx="${12 + i * step}" cy="14" r="${state === "here" ? 8 : 5}"/>`;
  });
  const arcs = Array.from({ length: count - 1 }, (_, i) => {
    const from = 12 + i * step;
    return `<path class="${i + 1 < chapter ? "done" : "ahead"}" d="M${from + 12} 14H${from + step - 12}"/>`;
  });
  const width = 24 + (count - 1) * step;
  return trusted(
    `<svg class="hops" viewBox="0 0 ${width} 28" width="${width}" height="28" aria-hidden="true">${arcs.join("")}${hops.join("")}</svg>`,
  );
}

export interface OpenerParts {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** How many chapters the book has. */
  readonly chapters: number;
  /** What a reader may take away. */
  readonly take: Markup;
}

/** The head of a chapter's page. */
export function openerHtml({ name, title, subtitle, chapters, take }: OpenerParts): Markup {
  const number = chapterNumber(name);
  const eyebrow =
    number === null
      ? NOTHING
      : html`<p class="eyebrow">${hopsPicture(number, Math.max(chapters, number))}<span>Chapter ${number}</span></p>\n`;
  const line = subtitle === undefined ? NOTHING : html`<p class="subtitle">${subtitle}</p>\n`;
  return html`<header class="opener">\n${eyebrow}<h1>${title}</h1>\n${line}${take}</header>\n`;
}

import { Marked, type Tokens } from "marked";
import { type Attachments, joinText } from "../../base/notebook.js";
import { plainText, slug } from "../myst/terms.js";
import { highlightCode, languageName } from "./highlight.js";
import { escapeHtml, type Markup } from "./markup.js";
import { sanitizeMarkdown } from "./sanitize.js";

/** A heading of the page, for its contents. */
export interface Heading {
  /** 1 for the title. */
  readonly level: number;
  /** The anchor. */
  readonly id: string;
  /** The heading as plain text. */
  readonly text: string;
  /** `1.2` for the second section of the first chapter; null where nothing is numbered. */
  readonly number: string | null;
}

/** What the Markdown cells of one page share: anchors that may not clash, section numbers, images. */
export interface PageText {
  readonly headings: Heading[];
  /** The chapter's number before the sections' numbers; null leaves sections without one. */
  readonly chapterNumber: number | null;
  /** The image as a `data:` URL; null when there is no such file. */
  readonly image: (path: string) => string | null;
}

/** Notebooks of the book become pages beside this one. */
export function pageLink(target: string): string {
  return target.replace(/^([\w.-]+)\.ipynb(?=#|$)/, "$1.html");
}

function uniqueId(text: string, headings: readonly Heading[]): string {
  const base = slug(text) || "section";
  let id = base;
  for (let count = 2; headings.some((heading) => heading.id === id); count++) id = `${base}-${count}`;
  return id;
}

function nextNumber(page: PageText, level: number): string | null {
  if (page.chapterNumber === null || level !== 2) return null;
  const before = page.headings.filter((heading) => heading.level === 2).length;
  return `${page.chapterNumber}.${before + 1}`;
}

function headingHtml(page: PageText, level: number, inner: string, source: string): string {
  const text = plainText(source);
  const heading: Heading = {
    level,
    id: uniqueId(text, page.headings),
    text,
    number: nextNumber(page, level),
  };
  page.headings.push(heading);
  const number = heading.number === null ? "" : `<span class="number">${heading.number}</span> `;
  const anchor = `<a class="anchor" href="#${heading.id}" aria-label="Link to this section">#</a>`;
  return `<h${level} id="${heading.id}">${number}${inner}${anchor}</h${level}>\n`;
}

function codeHtml(token: Tokens.Code): string {
  const language = languageName(token.lang ?? "");
  const code = highlightCode(token.text, token.lang ?? "").text;
  const name = language === null ? "" : ` class="language-${language}"`;
  return `<pre class="code"><code${name}>${code}</code></pre>\n`;
}

/** A link to a term shows the term's explanation on the page itself: where a mouse, a finger or the keyboard is. */
function linkHtml(token: Tokens.Link, inner: string): string {
  const target = pageLink(token.href);
  const href = escapeHtml(target);
  if (/^[\w.-]*#term-/.test(target) && token.title) {
    const definition = escapeHtml(plainText(token.title));
    return `<a class="term" href="${href}" data-definition="${definition}" aria-description="${definition}">${inner}</a>`;
  }
  const title = token.title ? ` title="${escapeHtml(token.title)}"` : "";
  return `<a${/^https?:/.test(target) ? ' class="external"' : ""} href="${href}"${title}>${inner}</a>`;
}

function imageHtml(page: PageText, source: string, alt: string, attachments: Attachments): string {
  const attached = /^attachment:(.*)$/.exec(source);
  const url = attached ? attachmentUrl(attachments[decodeURIComponent(attached[1]!)]) : page.image(source);
  if (url === null) return `<em>(${escapeHtml(alt || source)})</em>`;
  return `<img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}">`;
}

function attachmentUrl(forms: Record<string, string | string[]> | undefined): string | null {
  const form = Object.entries(forms ?? {}).find(([mimeType]) => mimeType.startsWith("image/"));
  if (!form) return null;
  const [mimeType, content] = form;
  const text = joinText(content);
  if (mimeType !== "image/svg+xml") return `data:${mimeType};base64,${text.replace(/\s/g, "")}`;
  return `data:${mimeType};base64,${Buffer.from(text).toString("base64")}`;
}

/** The Markdown of one cell as HTML without anything that runs. Adds its headings to the page's. */
export function markdownToHtml(source: string, page: PageText, attachments: Attachments = {}): Markup {
  const marked = new Marked({
    gfm: true,
    async: false,
    renderer: {
      heading(token) {
        return headingHtml(page, token.depth, this.parser.parseInline(token.tokens), token.text);
      },
      code: (token) => codeHtml(token),
      link(token) {
        return linkHtml(token, this.parser.parseInline(token.tokens));
      },
      image: (token) => imageHtml(page, token.href, token.text, attachments),
      codespan: (token) =>
        `<code${token.text.length <= 24 ? ' class="short"' : ""}>${escapeHtml(token.text)}</code>`,
      checkbox: (token) => (token.checked ? "☑ " : "☐ "),
      html: (token) => withImages(token.text, page),
    },
  });
  const text = marked.parse(source, { async: false });
  return sanitizeMarkdown(
    text.replace(/<table>/g, '<div class="table-scroll"><table>').replace(/<\/table>/g, "</table></div>"),
  );
}

/** Figures stand as HTML in the notebook: their images come into the page like those of Markdown. */
function withImages(text: string, page: PageText): string {
  return text.replace(
    /(<img\b[^>]*?\ssrc=")([^"]*)(")/gi,
    (whole, open: string, source: string, close: string) => {
      if (source.startsWith("data:")) return whole;
      return `${open}${escapeHtml(page.image(source) ?? "")}${close}`;
    },
  );
}

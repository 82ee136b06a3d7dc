import { createHash } from "node:crypto";
import { html, type Markup, trusted } from "./markup.js";

/** The hash of an empty style element, which Plotly makes and fills through the object model. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * What a page may do (Content Security Policy Level 3): its own scripts and style sheets, pictures that it carries itself, and no address anywhere else,
 * its own server's included. No script stands inline and no text becomes a script; `blob:` is the worker in which live cells run.
 * SVG and Plotly set styles on their elements: a style attribute may stand, a style element may not, and neither can load anything.
 */
function policy(styles: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' blob:",
    "worker-src blob:",
    ["style-src-elem 'self'", EMPTY_STYLE, ...styles].join(" "),
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The hashes of the style elements in a page's pictures. */
function styleHashes(text: string): string[] {
  const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => readEntities(match[1]!));
  const hash = (style: string) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
  return [...new Set(styles.map(hash))];
}

/** The text of an element within a picture, as the browser reads it. */
function readEntities(text: string): string {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

export interface PageParts {
  /** The title of the browser's window. */
  readonly title: string;
  readonly description: string;
  /** A word that the style sheet knows. */
  readonly kind: "chapter" | "cover" | "appendix" | "paper";
  readonly sidebar: Markup;
  readonly main: Markup;
  /** True where there is a plot to make alive. */
  readonly plots: boolean;
  /** True where there is a packet's way to play. */
  readonly stories?: boolean;
  /** True where there are cells that can run in the browser. */
  readonly live?: boolean;
}

/** Drawn by hand: three hops of a packet's way. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M5 23C11 5 21 5 27 23' fill='none' stroke='%230c6b6b' stroke-width='3'/%3E%3Ccircle cx='5' cy='24' r='4' fill='%230c6b6b'/%3E%3Ccircle cx='27' cy='24' r='4' fill='%23c2521c'/%3E%3C/svg%3E";

/** The page's scripts, the first before anything is drawn. All are files: none stands in the page. */
function scripts({ plots, stories = false, live = false }: PageParts): Markup {
  const wanted = { plots, story: stories, live };
  const deferred = [
    ...["page", "hints", "search"],
    ...Object.entries(wanted).flatMap(([name, is]) => (is ? [name] : [])),
  ];
  const tags = deferred.map((name) => html`<script defer src="assets/${name}.js"></script>\n`);
  return html`<script src="assets/theme.js"></script>\n${tags}`;
}

/** A whole page. Everything that it refers to lies in its own folder, so it also opens from a disk. */
export function pageHtml(parts: PageParts): string {
  const body = html`${parts.sidebar}<main id="main" tabindex="-1">
${parts.main}</main>
`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(styleHashes(body.text)))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${parts.description}">
<meta name="generator" content="hopbook">
<title>${parts.title}</title>
<link rel="icon" href="${trusted(ICON)}">
<link rel="stylesheet" href="assets/book.css">
${scripts(parts)}</head>
<body class="${parts.kind}">
<a class="skip" href="#main">To the text</a>
<header class="bar">
<input type="checkbox" id="menu" class="menu-state" aria-label="Show the contents">
<label for="menu" class="menu-button" aria-hidden="true"><span></span></label>
<a class="brand" href="index.html">Hopbook</a>
<div class="tools"></div>
</header>
${body}</body>
</html>
`;
  return page.text;
}

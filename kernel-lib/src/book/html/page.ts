import { html, type Markup, trusted } from "./markup.js";

/**
 * What a page may do (Content Security Policy Level 3): its own scripts, styles and pictures, and no address elsewhere.
 * Styles may stand inline because SVG and Plotly set them on their elements.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export interface PageParts {
  /** The title of the browser's window. */
  readonly title: string;
  readonly description: string;
  /** A word that the style sheet knows: `chapter` or `cover`. */
  readonly kind: "chapter" | "cover";
  readonly sidebar: Markup;
  readonly main: Markup;
  /** True where there is a plot to make alive. */
  readonly plots: boolean;
}

/** Drawn by hand: three hops of a packet's way. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M5 23C11 5 21 5 27 23' fill='none' stroke='%230c6b6b' stroke-width='3'/%3E%3Ccircle cx='5' cy='24' r='4' fill='%230c6b6b'/%3E%3Ccircle cx='27' cy='24' r='4' fill='%23c2521c'/%3E%3C/svg%3E";

/** A whole page. Everything that it refers to lies in its own folder, so it also opens from a disk. */
export function pageHtml(parts: PageParts): string {
  const plots = parts.plots ? trusted('<script defer src="assets/plots.js"></script>\n') : trusted("");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${parts.description}">
<meta name="generator" content="hopbook">
<title>${parts.title}</title>
<link rel="icon" href="${trusted(ICON)}">
<link rel="stylesheet" href="assets/book.css">
<script src="assets/theme.js"></script>
<script defer src="assets/page.js"></script>
${plots}</head>
<body class="${parts.kind}">
<a class="skip" href="#main">To the text</a>
<input type="checkbox" id="menu" class="menu-state" aria-label="Show the contents">
<header class="bar">
<label for="menu" class="menu-button" aria-hidden="true"><span></span></label>
<a class="brand" href="index.html">Hopbook</a>
<span class="tools"></span>
</header>
${parts.sidebar}<main id="main">
${parts.main}</main>
</body>
</html>
`;
  return page.text;
}

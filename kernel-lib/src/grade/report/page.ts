import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bookAssets } from "../../book/assets.js";
import { html, type Markup, trusted } from "../../book/html/markup.js";

/** The reports' own rules: beside the built library, or at the root of the repository when its source runs. */
function reportStyle(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [join(here, "../../assets/grade"), join(here, "../../../../assets/grade")];
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) throw new Error("the reports' style sheet is missing; build the library again");
  return readFileSync(join(folder, "report.css"), "utf8");
}

/** The book's style without its fonts, which are files of their own. */
function bookStyle(): string {
  const css = bookAssets().get("book.css")!.toString("utf8");
  return css.replace(/@font-face\s*\{[^}]*\}/g, "");
}

let style: string | null = null;

/**
 * A page in one file, so that it can be sent to a student: nothing in it loads or runs, and its policy says so. `main` is markup that the book's exporter made safe.
 */
export function reportPage(title: string, main: Markup): string {
  style ??= `${bookStyle()}\n${reportStyle()}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="hopbook">
<title>${title}</title>
<style>
${trusted(style)}
</style>
</head>
<body class="report">
<a class="skip" href="#main">To the text</a>
<main id="main" tabindex="-1">
<article>
${main}</article>
</main>
</body>
</html>
`.text;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bookAssets } from "./assets.js";
import { notebookPath } from "./chapters.js";
import { chapterParts } from "./html/chapter-page.js";
import { brokenLinks } from "./html/check-links.js";
import type { ContentsEntry } from "./html/contents.js";
import { type Book, coverPage } from "./html/cover-page.js";
import { GLOSSARY, glossaryPage } from "./html/glossary-page.js";
import { readNotebook } from "./html/read-notebook.js";
import { type SearchEntry, termEntries } from "./html/search-entries.js";
import { imagesUnder } from "./images.js";
import type { Terms } from "./myst/terms.js";
import type { PrintedChapter } from "./pdf/whole-book.js";
import type { MadeChapter } from "./run-chapter.js";

export interface BookParts {
  readonly root: string;
  readonly book: Book;
  readonly chapters: readonly MadeChapter[];
  readonly terms: Terms;
}

type Files = Map<string, string | Buffer>;

/** Every file of the book, by its name in the book's folder. Throws for a link that leads nowhere, and `PageError`. */
export function bookFiles({ root, book, chapters, terms }: BookParts): Files {
  const entries = contentsOf(chapters);
  if (terms.size > 0) entries.push(GLOSSARY);
  const shared = bookAssets();
  const options = { chapters: entries, image: presentImages(root), live: shared.has("live.js") };
  const pages = new Map<string, string>([["index.html", coverPage(book, entries)]]);
  const files: Files = new Map();
  const found: SearchEntry[] = [];
  for (const { chapter, downloads } of chapters) {
    const text = readFileSync(notebookPath(root, chapter.name), "utf8");
    files.set(`${chapter.name}.ipynb`, text);
    for (const [{ file }, content] of downloads) files.set(file, content);
    const made = named(chapter.name, () =>
      chapterParts(readNotebook(text), { ...options, ...chapter, downloads: [...downloads.keys()] }),
    );
    pages.set(`${chapter.name}.html`, made.page);
    found.push(...made.entries);
  }
  if (terms.size > 0) pages.set(`${GLOSSARY.name}.html`, glossaryPage(terms, entries));
  addAssets(files, shared, pages, [...found, ...termEntries(terms)]);
  const broken = brokenLinks(pages, new Set(files.keys()))[0];
  if (broken) throw new Error(`${broken.page}: the link to “${broken.target}” leads nowhere`);
  for (const [name, text] of pages) files.set(name, text);
  return files;
}

/** The chapters as the whole book on paper has them. */
export function printedChapters({ root, chapters }: BookParts): PrintedChapter[] {
  const entries = contentsOf(chapters);
  const image = presentImages(root);
  return chapters.map(({ chapter }) => {
    const text = readFileSync(notebookPath(root, chapter.name), "utf8");
    const { name, title, subtitle } = chapter;
    const made = named(name, () =>
      chapterParts(readNotebook(text), { name, title, subtitle, chapters: entries, image }),
    );
    return { name, title, subtitle, article: made.article, headings: made.headings };
  });
}

function contentsOf(chapters: readonly MadeChapter[]): ContentsEntry[] {
  return chapters.map(({ chapter: { name, title, subtitle, part } }) => ({ name, title, subtitle, part }));
}

/** What the pages share. The library of plots is large: it stands there only for a page with a plot. */
export function addAssets(
  files: Files,
  shared: ReadonlyMap<string, Buffer>,
  pages: ReadonlyMap<string, string>,
  entries: readonly SearchEntry[],
): void {
  const plots = [...pages.values()].some((page) => page.includes('src="assets/plots.js"'));
  for (const [name, content] of shared)
    if (plots || !name.startsWith("plotly-")) files.set(`assets/${name}`, content);
  files.set("assets/search-index.js", `window.hopbookSearchIndex = ${JSON.stringify(entries)};\n`);
}

/** Pictures of the chapters: one that is not there stops the build. */
function presentImages(root: string): (path: string) => string {
  const image = imagesUnder(root, join(root, "notebooks"));
  return (path) => {
    const url = image(path);
    if (url === null) throw new Error(`there is no picture “${path}”`);
    return url;
  };
}

/** Names the notebook in what went wrong with one of its cells. */
export function named<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${name}.ipynb: ${(error as Error).message}`, { cause: error });
  }
}

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Notebook } from "../base/notebook.js";
import { joinText } from "../base/notebook.js";
import { bookAssets } from "./assets.js";
import { addAssets, named } from "./book-files.js";
import { chapterParts } from "./html/chapter-page.js";
import type { ContentsEntry } from "./html/contents.js";
import { readNotebook } from "./html/read-notebook.js";
import type { SearchEntry } from "./html/search-entries.js";
import { imagesUnder } from "./images.js";
import { plainText } from "./myst/terms.js";
import { replaceFolder } from "./replace-folder.js";

interface Foreign extends ContentsEntry {
  readonly path: string;
  readonly text: string;
  readonly notebook: Notebook;
}

/**
 * Writes notebooks that this project need not have made as pages, with the outputs that they hold: no cell runs. What a page cannot show safely is left
 * out; a damaged notebook is refused, by its name and the number of the cell. Gives the names of the pages.
 */
export function exportNotebooks(paths: readonly string[], out: string): string[] {
  const notebooks = paths.map(readForeign);
  const twice = notebooks.find(({ name }, i) => notebooks.findIndex((other) => other.name === name) < i);
  if (twice)
    throw new Error(`two notebooks have the name ${twice.name}.ipynb: a page can be only one of them`);
  const pages = new Map<string, string>();
  const files = new Map<string, string | Buffer>();
  const found: SearchEntry[] = [];
  for (const { name, title, path, text, notebook } of notebooks) {
    const folder = dirname(path);
    const options = { name, title, chapters: notebooks, image: imagesUnder(folder, folder) };
    const made = named(name, () => chapterParts(notebook, options));
    pages.set(`${name}.html`, made.page.replaceAll('href="index.html"', `href="${notebooks[0]!.name}.html"`));
    files.set(`${name}.ipynb`, text);
    found.push(...made.entries);
  }
  addAssets(files, bookAssets(), pages, found);
  for (const [name, page] of pages) files.set(name, page);
  replaceFolder(out, files);
  return [...pages.keys()];
}

function readForeign(path: string): Foreign {
  const name = basename(path, ".ipynb").replace(/[^\w.-]+/g, "-");
  const text = readFileSync(path, "utf8");
  const notebook = named(name, () => readNotebook(text));
  const heading = notebook.cells
    .filter(({ cell_type }) => cell_type === "markdown")
    .flatMap(({ source }) => /^# +(.+)/m.exec(joinText(source))?.[1] ?? [])[0];
  return { name, title: heading === undefined ? name : plainText(heading), path, text, notebook };
}

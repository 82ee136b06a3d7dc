import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Notebook } from "../base/notebook.js";
import { readNotebook } from "./html/read-notebook.js";
import {
  type Chapter,
  type ChapterSource,
  chapterTerms,
  readChapter,
  type SourceFile,
} from "./myst/chapter.js";
import { readSources, type Sources } from "./myst/sources.js";
import type { Term, Terms } from "./myst/terms.js";

/** Where a book's parts lie. */
export interface BookFolders {
  /** The folder of the repository: `chapters/` and `notebooks/` are in it. */
  readonly root: string;
}

export function notebookPath(root: string, chapter: string): string {
  return join(root, "notebooks", `${chapter}.ipynb`);
}

/** The names of all chapters, in the order of their numbers. */
export function chapterNames(root: string): string[] {
  const folder = join(root, "chapters");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d+-[\w-]+$/.test(name));
  return names.filter((name) => existsSync(join(folder, name, "chapter.md"))).sort();
}

function readSource(root: string, name: string): ChapterSource {
  const read = (file: string): SourceFile => {
    const path = join(root, "chapters", name, file);
    return { path: relative(root, path), text: readFileSync(path, "utf8") };
  };
  const exercises = existsSync(join(root, "chapters", name, "exercises.md"));
  return { name, files: [read("chapter.md"), ...(exercises ? [read("exercises.md")] : [])] };
}

/** The notebook as it lies on the disk; undefined when there is none that can be read. */
export function storedNotebook(root: string, chapter: string): Notebook | undefined {
  const path = notebookPath(root, chapter);
  if (!existsSync(path)) return undefined;
  try {
    return readNotebook(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** The works of `chapters/references.yaml`; none without it. */
function bookSources(root: string): Sources {
  const path = join(root, "chapters", "references.yaml");
  return existsSync(path) ? readSources(readFileSync(path, "utf8"), relative(root, path)) : new Map();
}

/** The chapters of a book, and the terms that all of their glossaries explain. */
export interface ReadBook {
  readonly chapters: readonly Chapter[];
  readonly terms: Terms;
}

/**
 * Reads every chapter of the book, unchanged cells with the outputs of their stored notebooks. A chapter may refer to
 * the glossaries of the chapters before it. Throws `SourceError` with file and line.
 */
export function readBook(root: string): ReadBook {
  const terms = new Map<string, Term>();
  const sources = bookSources(root);
  const chapters = chapterNames(root).map((name) => {
    const source = readSource(root, name);
    const earlier = storedNotebook(root, name);
    const chapter = readChapter(source, { terms: new Map(terms), sources, ...(earlier ? { earlier } : {}) });
    for (const [slug, term] of chapterTerms(source)) if (!terms.has(slug)) terms.set(slug, term);
    return chapter;
  });
  return { chapters, terms };
}

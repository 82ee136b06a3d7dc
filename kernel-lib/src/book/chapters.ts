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
import { notebookPath } from "./notebook-path.js";

export { notebookPath };

/** Where a book's parts lie. */
export interface BookFolders {
  /** The folder of the repository: `chapters/` and `notebooks/` are in it. */
  readonly root: string;
}

/** Where the text of a chapter lies, under `chapters/`. */
interface ChapterPlace {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly [string, ...string[]];
}

/**
 * Numbered folders are the chapters. A folder without a number is an appendix: its `chapter.md` opens it, and each `1-name.md` beside that is a further page,
 * called `folder-1-name`.
 */
function chapterPlaces(root: string): ChapterPlace[] {
  const all = join(root, "chapters");
  if (!existsSync(all)) return [];
  const folders = readdirSync(all).filter((folder) => /^\w[\w-]*$/.test(folder));
  const opened = folders.filter((folder) => existsSync(join(all, folder, "chapter.md"))).sort();
  return opened.flatMap((folder): ChapterPlace[] => {
    const files = readdirSync(join(all, folder));
    if (/^\d+-/.test(folder)) {
      const exercises = files.filter((file) => file === "exercises.md");
      return [{ name: folder, folder, files: ["chapter.md", ...exercises] }];
    }
    const pages = files.filter((file) => /^\d+-[\w-]+\.md$/.test(file)).sort();
    const further = pages.map((file) => ({
      name: `${folder}-${file.replace(/\.md$/, "")}`,
      folder,
      files: [file] as const,
    }));
    return [{ name: folder, folder, files: ["chapter.md"] }, ...further];
  });
}

/** The names of all chapters in the order of their numbers, then those of the appendices' pages. */
export function chapterNames(root: string): string[] {
  return chapterPlaces(root).map(({ name }) => name);
}

function readSource(root: string, { name, folder, files }: ChapterPlace): ChapterSource {
  const read = (file: string): SourceFile => {
    const path = join(root, "chapters", folder, file);
    return { path: relative(root, path), text: readFileSync(path, "utf8") };
  };
  const [first, ...more] = files;
  return { name, folder, files: [read(first), ...more.map(read)] };
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
  const chapters = chapterPlaces(root).map((place) => {
    const source = readSource(root, place);
    const earlier = storedNotebook(root, place.name);
    const chapter = readChapter(source, { terms: new Map(terms), sources, ...(earlier ? { earlier } : {}) });
    for (const [slug, term] of chapterTerms(source)) if (!terms.has(slug)) terms.set(slug, term);
    return chapter;
  });
  return { chapters, terms };
}

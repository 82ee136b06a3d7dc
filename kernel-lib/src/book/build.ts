import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BookParts, bookFiles } from "./book-files.js";
import { notebookPath, type ReadBook, readBook } from "./chapters.js";
import {
  chaptersHash,
  type Fingerprint,
  type Finished,
  filesUnchanged,
  libraryHash,
  readFinished,
  textHash,
} from "./fingerprint.js";
import type { Book } from "./html/cover-page.js";
import type { Chapter } from "./myst/chapter.js";
import { makePdf } from "./pdf/make-pdf.js";
import type { OnProgress } from "./progress.js";
import { replaceFolder } from "./replace-folder.js";
import { type MadeChapter, type RunNotebook, runChapter } from "./run-chapter.js";

export interface BuildOptions {
  /** The repository's folder. */
  readonly root: string;
  /** The book's folder, replaced as a whole at the end. */
  readonly out: string;
  readonly book: Book;
  /** The library's built files: when they change, everything runs again. */
  readonly library: string;
  readonly runNotebook: RunNotebook;
  /** Only these chapters run; the others keep the outputs that they have. All when absent. */
  readonly chapters?: readonly string[];
  /** True runs chapters whose inputs have not changed, too. */
  readonly force?: boolean;
  readonly onProgress?: OnProgress;
}

export interface BuildResult {
  /** The pages, as paths in the book's folder. */
  readonly pages: readonly string[];
  /** The chapters that ran. */
  readonly ran: readonly string[];
}

const FINGERPRINTS = "fingerprints.json";

/** Prints the book that was built last into one PDF file. Throws when no Chromium is installed. */
export async function printBook(
  options: Pick<BuildOptions, "root" | "out" | "book">,
  file: string,
): Promise<void> {
  const { chapters, terms } = readBook(options.root);
  const made = chapters.map((chapter) => ({ chapter, executed: false, downloads: new Map() }));
  await makePdf({ ...options, chapters: made, terms }, file);
}

/**
 * Makes the book: chapters to notebooks, notebooks executed where something changed, pages from the executed notebooks. The
 * book's folder changes only when all of it has worked. Throws `SourceError`, `PageError`, or what the runner threw.
 */
export async function buildBook(options: BuildOptions): Promise<BuildResult> {
  const finished = readFinished(join(options.out, FINGERPRINTS));
  const library = libraryHash(options.library);
  if (!options.force && isFinished(options, library, finished)) return allUnchanged(options, finished);
  const read = readBook(options.root);
  refuseUnknown(options, read.chapters);
  const made = await runChapters(read, library, finished, options);
  const files = bookFiles({ ...options, chapters: made, terms: read.terms } satisfies BookParts);
  const pages = [...files.keys()].filter((name) => name.endsWith(".html"));
  options.onProgress?.({ kind: "write", pages: pages.length });
  const fingerprints = made.flatMap(({ chapter, fingerprint }): [string, Fingerprint][] =>
    fingerprint ? [[chapter.name, fingerprint]] : [],
  );
  const now: Finished = {
    chapters: Object.fromEntries(fingerprints),
    inputs:
      fingerprints.length === made.length
        ? inputsHash(
            options,
            library,
            fingerprints.map(([name]) => name),
          )
        : "",
    files: Object.fromEntries([...files].map(([name, content]) => [name, textHash(content)])),
  };
  files.set(FINGERPRINTS, `${JSON.stringify(now, null, 1)}\n`);
  replaceFolder(options.out, files);
  const ran = made.filter(({ executed }) => executed).map(({ chapter }) => chapter.name);
  return { pages: pages.map((page) => join(options.out, page)), ran };
}

function refuseUnknown({ root, chapters: wanted = [] }: BuildOptions, chapters: readonly Chapter[]): void {
  if (chapters.length === 0) throw new Error(`no chapter in ${join(root, "chapters")}`);
  const unknown = wanted.find((name) => !chapters.some((chapter) => chapter.name === name));
  if (unknown === undefined) return;
  throw new Error(`no chapter “${unknown}”; there are ${chapters.map((chapter) => chapter.name).join(", ")}`);
}

async function runChapters(
  { chapters }: ReadBook,
  library: string,
  finished: Finished,
  options: BuildOptions,
): Promise<MadeChapter[]> {
  const made: MadeChapter[] = [];
  for (const chapter of chapters) {
    const wanted = options.chapters === undefined || options.chapters.includes(chapter.name);
    const known = finished.chapters[chapter.name];
    made.push(await runChapter(chapter, { ...options, library, known, wanted }));
  }
  return made;
}

/** The hash of everything that a book is made from; empty where a notebook is not there. */
function inputsHash({ root, book }: BuildOptions, library: string, chapters: readonly string[]): string {
  try {
    const notebooks = chapters.map((name) => [name, textHash(readFileSync(notebookPath(root, name)))]);
    return textHash(JSON.stringify([library, book, chaptersHash(root), notebooks]));
  } catch {
    return "";
  }
}

function isFinished(options: BuildOptions, library: string, finished: Finished): boolean {
  const names = Object.keys(finished.chapters);
  if ((options.chapters ?? []).some((name) => !names.includes(name))) return false;
  const inputs = finished.inputs === "" ? "" : inputsHash(options, library, names);
  return inputs !== "" && inputs === finished.inputs && filesUnchanged(options.out, finished);
}

/** The book stands as it would be made: only said, nothing read or written. */
function allUnchanged({ out, onProgress }: BuildOptions, { chapters, files }: Finished): BuildResult {
  for (const chapter of Object.keys(chapters)) onProgress?.({ kind: "unchanged", chapter });
  const pages = Object.keys(files).filter((name) => name.endsWith(".html"));
  return { pages: pages.map((page) => join(out, page)), ran: [] };
}

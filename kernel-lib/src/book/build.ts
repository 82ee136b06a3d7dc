import { availableParallelism } from "node:os";
import { join } from "node:path";
import { joinText } from "../base/notebook.js";
import { type BookParts, bookFiles } from "./book-files.js";
import { type ReadBook, readBook } from "./chapters.js";
import { type Fingerprint, type Finished, libraryHash, readFinished, textHash } from "./fingerprint.js";
import type { Chapter } from "./myst/chapter.js";
import { makePdf } from "./pdf/make-pdf.js";
import { replaceFolder } from "./replace-folder.js";
import { type MadeChapter, runChapter } from "./run-chapter.js";
import { type BuildOptions, type BuildResult, FINGERPRINTS, inputsHash, unchangedBook } from "./unchanged.js";

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
  const unchanged = unchangedBook(options);
  if (unchanged !== null) return unchanged;
  const finished = readFinished(join(options.out, FINGERPRINTS));
  const library = libraryHash(options.library);
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
  const { atOnce = Math.min(availableParallelism(), 4) } = options;
  // The longest first, so that none runs alone at the end.
  const left = [...chapters.entries()].sort(([, a], [, b]) => codeLength(b) - codeLength(a)).values();
  let failed = false;
  /** Takes chapters as long as there are any: after a failure none is begun, and those that run come to their end. */
  const runner = async () => {
    for (const [i, chapter] of left) {
      if (failed) return;
      const wanted = options.chapters === undefined || options.chapters.includes(chapter.name);
      const known = finished.chapters[chapter.name];
      try {
        made[i] = await runChapter(chapter, { ...options, library, known, wanted });
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, runner));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return made;
}

/** Characters of a chapter's code: how long it runs is not known before. */
const codeLength = ({ notebook }: Chapter): number =>
  notebook.cells.reduce(
    (sum, { cell_type, source }) => sum + (cell_type === "code" ? joinText(source).length : 0),
    0,
  );

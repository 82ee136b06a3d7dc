import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  chaptersHash,
  type Finished,
  filesUnchanged,
  libraryHash,
  readFinished,
  textHash,
} from "./fingerprint.js";
import type { Book } from "./html/cover-page.js";
import { notebookPath } from "./notebook-path.js";
import type { OnProgress } from "./progress.js";
import type { RunNotebook } from "./run-chapter.js";

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
  /** So many chapters run at a time. Default: one for each processor, four at most, since each is a kernel of its own. */
  readonly atOnce?: number;
}

export interface BuildResult {
  /** The pages, as paths in the book's folder. */
  readonly pages: readonly string[];
  /** The chapters that ran. */
  readonly ran: readonly string[];
}

/** The file of a book's folder in which the last build tells what it was made from. */
export const FINGERPRINTS = "fingerprints.json";

/**
 * The book where it stands as it would be made: nothing is written, and of what makes a book nothing is loaded. Null where there is something to do.
 */
export function unchangedBook(options: BuildOptions): BuildResult | null {
  const finished = readFinished(join(options.out, FINGERPRINTS));
  if (options.force || !isFinished(options, finished)) return null;
  return allUnchanged(options, finished);
}

/** The hash of everything that a book is made from; empty where a notebook is not there. */
export function inputsHash(
  { root, book }: BuildOptions,
  library: string,
  chapters: readonly string[],
): string {
  try {
    const notebooks = chapters.map((name) => [name, textHash(readFileSync(notebookPath(root, name)))]);
    return textHash(JSON.stringify([library, book, chaptersHash(root), notebooks]));
  } catch {
    return "";
  }
}

function isFinished(options: BuildOptions, finished: Finished): boolean {
  const names = Object.keys(finished.chapters);
  if ((options.chapters ?? []).some((name) => !names.includes(name))) return false;
  const inputs = finished.inputs === "" ? "" : inputsHash(options, libraryHash(options.library), names);
  return inputs !== "" && inputs === finished.inputs && filesUnchanged(options.out, finished);
}

/** The book stands as it would be made: only said, nothing read or written. */
function allUnchanged({ out, onProgress }: BuildOptions, { chapters, files }: Finished): BuildResult {
  for (const chapter of Object.keys(chapters)) onProgress?.({ kind: "unchanged", chapter });
  const pages = Object.keys(files).filter((name) => name.endsWith(".html"));
  return { pages: pages.map((page) => join(out, page)), ran: [] };
}

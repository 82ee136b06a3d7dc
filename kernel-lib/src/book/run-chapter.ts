import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringifyNotebook } from "../base/notebook.js";
import { notebookPath } from "./chapters.js";
import { type Download, downloadFiles, type Materials } from "./downloads/materials.js";
import { type Fingerprint, sourceHash, textHash } from "./fingerprint.js";
import type { Chapter } from "./myst/chapter.js";
import type { OnProgress } from "./progress.js";

/** Executes the notebook at `path` in place, all or nothing; told of each finished cell. Gives what the labs left, where it can. */
export type RunNotebook = (path: string, onCell: (done: number, total: number) => void) => Promise<Materials>;

/** A chapter with the files that stand beside its page. */
export interface MadeChapter {
  readonly chapter: Chapter;
  /** Absent where the outputs do not belong to the chapter's present source. */
  readonly fingerprint?: Fingerprint;
  readonly executed: boolean;
  readonly downloads: ReadonlyMap<Download, string | Buffer>;
}

export interface RunChapterOptions {
  readonly root: string;
  /** The book's folder as the last build left it. */
  readonly out: string;
  readonly library: string;
  readonly known: Fingerprint | undefined;
  readonly wanted: boolean;
  readonly force?: boolean;
  readonly runNotebook: RunNotebook;
  readonly onProgress?: OnProgress;
}

/** Writes the chapter's notebook, and executes it when its outputs do not belong to these inputs. */
export async function runChapter(chapter: Chapter, options: RunChapterOptions): Promise<MadeChapter> {
  const { known } = options;
  const path = notebookPath(options.root, chapter.name);
  options.onProgress?.({ kind: "read", chapter: chapter.name });
  writeChanged(path, stringifyNotebook(chapter.notebook));
  const inputs = textHash(`${sourceHash(chapter.notebook)} ${options.library}`);
  const kept = keptDownloads(options.out, known?.downloads ?? []);
  const fresh =
    known?.inputs === inputs &&
    known.notebook === textHash(readFileSync(path)) &&
    kept.size === known.downloads.length;
  if (!options.wanted || (fresh && !options.force)) {
    options.onProgress?.({ kind: "unchanged", chapter: chapter.name });
    return { chapter, executed: false, downloads: kept, ...(fresh ? { fingerprint: known } : {}) };
  }
  const materials = await options.runNotebook(path, (done, total) =>
    options.onProgress?.({ kind: "run", chapter: chapter.name, done, total }),
  );
  const downloads = downloadFiles(chapter.name, chapter.title, materials);
  const notebook = textHash(readFileSync(path));
  return {
    chapter,
    executed: true,
    downloads,
    fingerprint: { inputs, notebook, downloads: [...downloads.keys()] },
  };
}

/** The downloads that the last build left, as far as they are still there. */
function keptDownloads(out: string, downloads: readonly Download[]): Map<Download, Buffer> {
  const there = downloads.filter(({ file }) => existsSync(join(out, file)));
  return new Map(there.map((download) => [download, readFileSync(join(out, download.file))]));
}

/** A file that already holds the text keeps its time stamp. */
function writeChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

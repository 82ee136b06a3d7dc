import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { stringifyNotebook } from "../base/notebook.js";
import { bookAssets } from "./assets.js";
import { notebookPath, readChapters } from "./chapters.js";
import { type Fingerprint, libraryHash, readFingerprints, sourceHash, textHash } from "./fingerprint.js";
import { chapterPage } from "./html/chapter-page.js";
import { brokenLinks } from "./html/check-links.js";
import type { ContentsEntry } from "./html/contents.js";
import { type Book, coverPage } from "./html/cover-page.js";
import { readNotebook } from "./html/read-notebook.js";
import { imagesUnder } from "./images.js";
import type { Chapter } from "./myst/chapter.js";
import type { OnProgress } from "./progress.js";

/** Executes the notebook at `path` in place, all or nothing; told of each finished cell. */
export type RunNotebook = (path: string, onCell: (done: number, total: number) => void) => Promise<void>;

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

/**
 * Makes the book: chapters to notebooks, notebooks executed where something changed, pages from the executed notebooks. The
 * book's folder changes only when all of it has worked. Throws `SourceError`, `PageError`, or what the runner threw.
 */
export async function buildBook(options: BuildOptions): Promise<BuildResult> {
  const chapters = readChapters(options.root);
  refuseUnknown(options.chapters ?? [], chapters);
  if (chapters.length === 0) throw new Error(`no chapter in ${join(options.root, "chapters")}`);
  const known = readFingerprints(join(options.out, FINGERPRINTS));
  const library = libraryHash(options.library);
  const fingerprints: Record<string, Fingerprint> = {};
  const ran: string[] = [];
  for (const chapter of chapters) {
    const wanted = options.chapters === undefined || options.chapters.includes(chapter.name);
    const { fingerprint, executed } = await runChapter(chapter, {
      ...options,
      library,
      known: known[chapter.name],
      wanted,
    });
    if (fingerprint) fingerprints[chapter.name] = fingerprint;
    if (executed) ran.push(chapter.name);
  }
  const files = bookFiles(chapters, options);
  files.set(FINGERPRINTS, `${JSON.stringify(fingerprints, null, 1)}\n`);
  const pages = [...files.keys()].filter((name) => name.endsWith(".html"));
  options.onProgress?.({ kind: "write", pages: pages.length });
  replaceFolder(options.out, files);
  return { pages: pages.map((page) => join(options.out, page)), ran };
}

function refuseUnknown(wanted: readonly string[], chapters: readonly Chapter[]): void {
  const unknown = wanted.find((name) => !chapters.some((chapter) => chapter.name === name));
  if (unknown === undefined) return;
  throw new Error(`no chapter “${unknown}”; there are ${chapters.map((chapter) => chapter.name).join(", ")}`);
}

interface RunChapterOptions {
  readonly root: string;
  readonly library: string;
  readonly known: Fingerprint | undefined;
  readonly wanted: boolean;
  readonly force?: boolean;
  readonly runNotebook: RunNotebook;
  readonly onProgress?: OnProgress;
}

/** Writes the chapter's notebook, and executes it when its outputs do not belong to these inputs. */
async function runChapter(
  chapter: Chapter,
  options: RunChapterOptions,
): Promise<{ fingerprint?: Fingerprint; executed: boolean }> {
  const path = notebookPath(options.root, chapter.name);
  options.onProgress?.({ kind: "read", chapter: chapter.name });
  writeChanged(path, stringifyNotebook(chapter.notebook));
  const inputs = textHash(`${sourceHash(chapter.notebook)} ${options.library}`);
  const fresh = options.known?.inputs === inputs && options.known.notebook === textHash(readFileSync(path));
  if (!options.wanted || (fresh && !options.force)) {
    options.onProgress?.({ kind: "unchanged", chapter: chapter.name });
    return { executed: false, ...(fresh && options.known ? { fingerprint: options.known } : {}) };
  }
  await options.runNotebook(path, (done, total) =>
    options.onProgress?.({ kind: "run", chapter: chapter.name, done, total }),
  );
  return { fingerprint: { inputs, notebook: textHash(readFileSync(path)) }, executed: true };
}

/** A file that already holds the text keeps its time stamp. */
function writeChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function bookFiles(chapters: readonly Chapter[], options: BuildOptions): Map<string, string | Buffer> {
  const entries: ContentsEntry[] = chapters.map(({ name, title, subtitle }) => ({ name, title, subtitle }));
  const image = presentImages(options.root);
  const pages = new Map<string, string>([["index.html", coverPage(options.book, entries)]]);
  const files = new Map<string, string | Buffer>();
  for (const { name, title, subtitle } of chapters) {
    const text = readFileSync(notebookPath(options.root, name), "utf8");
    files.set(`${name}.ipynb`, text);
    pages.set(
      `${name}.html`,
      pageOf(name, () =>
        chapterPage(readNotebook(text), { name, title, subtitle, chapters: entries, image }),
      ),
    );
  }
  const plots = [...pages.values()].some((page) => page.includes('src="assets/plots.js"'));
  for (const [name, content] of bookAssets({ plots })) files.set(`assets/${name}`, content);
  const broken = brokenLinks(pages, new Set(files.keys()))[0];
  if (broken) throw new Error(`${broken.page}: the link to “${broken.target}” leads nowhere`);
  for (const [name, text] of pages) files.set(name, text);
  return files;
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
function pageOf(name: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    throw new Error(`${name}.ipynb: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes a folder beside the old one, then lets it take its place: a reader never sees half a book. */
function replaceFolder(out: string, files: ReadonlyMap<string, string | Buffer>): void {
  const target = resolve(out);
  const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`);
  const old = join(dirname(target), `.${basename(target)}.old-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  try {
    for (const [name, content] of files) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true });
      writeFileSync(join(fresh, name), content);
    }
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

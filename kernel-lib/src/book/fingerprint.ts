import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { joinText, type Notebook } from "../base/notebook.js";
import type { Download } from "./downloads/materials.js";

/** Which inputs a notebook's outputs came from: nothing has to run again while these stay. */
export interface Fingerprint {
  /** Of the cells' sources and tags, and of the library. */
  readonly inputs: string;
  /** Of the executed notebook's file. */
  readonly notebook: string;
  /** What the run left beside the outputs. */
  readonly downloads: readonly Download[];
}

/** The whole of a finished book: while its inputs and its files stay, nothing has to be made again. */
export interface Finished {
  readonly chapters: Readonly<Record<string, Fingerprint>>;
  /** Of everything from which the pages were made: sources, notebooks, pictures, the library. */
  readonly inputs: string;
  /** Of each file of the book, by its name. */
  readonly files: Readonly<Record<string, string>>;
}

const NOTHING_FINISHED: Finished = { chapters: {}, inputs: "", files: {} };

export function textHash(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The hash of what a notebook runs: sources and tags, not outputs. */
export function sourceHash(notebook: Notebook): string {
  const cells = notebook.cells.map(({ cell_type, metadata, source }) => [
    cell_type,
    metadata.tags ?? [],
    joinText(source),
  ]);
  return textHash(JSON.stringify(cells));
}

/** The hash of every built file of the library; of its source when it is not built. */
export function libraryHash(folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const hash = createHash("sha256");
  for (const file of files.filter((name) => /\.(js|mjs|json|css|woff2)$/.test(name)).sort()) {
    const path = join(folder, file);
    if (statSync(path).isFile()) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 32);
}

/** The hash of the chapters' own files: text and pictures. */
export function chaptersHash(root: string): string {
  const folder = join(root, "chapters");
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const path = join(folder, file);
    if (statSync(path).isFile()) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 32);
}

/** What the last build says of itself in the book's folder. */
export function readFinished(path: string): Finished {
  if (!existsSync(path)) return NOTHING_FINISHED;
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as Partial<Finished>;
    return { ...NOTHING_FINISHED, ...read };
  } catch {
    return NOTHING_FINISHED;
  }
}

/** Whether every file of a finished book still is as it was written. */
export function filesUnchanged(folder: string, { files }: Finished): boolean {
  const names = Object.entries(files);
  return (
    names.length > 0 &&
    names.every(([name, hash]) => {
      const path = join(folder, name);
      return existsSync(path) && textHash(readFileSync(path)) === hash;
    })
  );
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { joinText, type Notebook } from "../base/notebook.js";

/** Which inputs a notebook's outputs came from: nothing has to run again while these stay. */
export interface Fingerprint {
  /** Of the cells' sources and tags, and of the library. */
  readonly inputs: string;
  /** Of the executed notebook's file. */
  readonly notebook: string;
}

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
  for (const file of files.filter((name) => /\.(js|mjs|json)$/.test(name)).sort()) {
    const path = join(folder, file);
    if (statSync(path).isFile()) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 32);
}

/** The fingerprints that the last build left in the book's folder, by chapter. */
export function readFingerprints(path: string): Record<string, Fingerprint> {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, Fingerprint>;
  } catch {
    return {};
  }
}

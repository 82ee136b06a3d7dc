import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's built files. */
export const LIBRARY_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));

/** The project's folder: the nearest one from here upward that holds chapters, else the one that this program belongs to. */
export function projectFolder(from = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "chapters")) && existsSync(join(folder, "notebooks"))) return folder;
    if (folder === dirname(folder)) return resolve(LIBRARY_FOLDER, "../..");
  }
}

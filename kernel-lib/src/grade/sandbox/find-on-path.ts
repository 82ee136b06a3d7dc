import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is on the path; null when it is not. */
export function findOnPath(name: string): string | null {
  const folders = (process.env.PATH ?? "/usr/bin:/bin").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

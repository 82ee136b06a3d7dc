import { join } from "node:path";

export function notebookPath(root: string, chapter: string): string {
  return join(root, "notebooks", `${chapter}.ipynb`);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CodeCell, isCode } from "../../kernel-lib/src/jupyter/notebook.js";
import { parseNotebook } from "../../kernel-lib/src/jupyter/notebook-parse.js";

/** The file of a notebook that a reader begins. */
export const OWN = "99-own.ipynb";

const METADATA = {
  kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" },
};

const notebook = (cells: readonly object[]): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: METADATA, cells });

function code(id: string, source: string, outputs: readonly unknown[] = []) {
  return { cell_type: "code", id, source, metadata: {}, outputs, execution_count: null };
}

export const ownNotebook = (): string =>
  notebook([
    code("make", 'import { Lab } from "hopbook";\nconst lab = Lab.preset("single");'),
    code("work", ""),
  ]);

/** A story of the chapters in a notebook that nobody has signed. */
export function untrustedNotebook(folder: string, names: readonly string[]): string {
  const cells = names.flatMap((name) => parseNotebook(readFileSync(join(folder, name), "utf8"), name).cells);
  const isStory = (cell: CodeCell) =>
    cell.outputs.some((output) => "data" in output && "application/vnd.hopbook.story+json" in output.data);
  const story = cells.filter(isCode).find(isStory)!;
  return notebook([code("foreign", "1 + 1", story.outputs), code("end", "")]);
}

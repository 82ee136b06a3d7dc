import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Notebook } from "../../kernel-lib/src/base/notebook.js";
import { bookAssets } from "../../kernel-lib/src/book/assets.js";
import { chapterPage } from "../../kernel-lib/src/book/html/chapter-page.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const notebookFile = (name: string): string => join(root, `notebooks/${name}.ipynb`);

export function readStored(name: string): Notebook {
  return JSON.parse(readFileSync(notebookFile(name), "utf8")) as Notebook;
}

/** Pages of notebooks with the live files made from the sources, in a folder of their own. */
export async function livePages(notebooks: ReadonlyMap<string, Notebook>): Promise<{
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  remove(): void;
}> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-live-"));
  const { liveFiles } = (await import(
    new URL("../../kernel-lib/bin/bootstrap/live-bundle.mjs", import.meta.url).href
  )) as { liveFiles(folder: string, extension: "ts"): Promise<Map<string, string>> };
  const files = await liveFiles(join(root, "kernel-lib/src"), "ts");
  mkdirSync(join(folder, "assets"));
  for (const [name, content] of [...bookAssets(), ...files])
    writeFileSync(join(folder, "assets", name), content);
  const chapters = [...notebooks.keys()].map((name) => ({ name, title: name }));
  for (const [name, notebook] of notebooks)
    writeFileSync(
      join(folder, `${name}.html`),
      chapterPage(notebook, { name, title: name, chapters, live: true }),
    );
  return { folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

const ROOT =
  process.env.HOPBOOK_CORPORA ?? fileURLToPath(new URL("../../../shared/corpora", import.meta.url));

/** Data files of another project, which this one may not hold: they are where somebody has put them, or not. */
export interface Corpus {
  readonly files: readonly string[];
  read(file: string): string;
}

/**
 * A suite over such files. Where they are absent it is skipped with its reason, in CI too: a fresh clone has no way to get them. Its tests are then not
 * even named, so that CI, which counts a skipped test as a failure, does not count these.
 */
export function describeCorpus(name: string, folder: string, suite: (corpus: Corpus) => void): void {
  const path = `${ROOT}/${folder}`;
  if (!existsSync(path)) {
    console.log(`skipped: ${name}: its files are not at ${path}`);
    describe.skip(`${name} (skipped: no files at ${path})`, () => {});
    return;
  }
  const files = readdirSync(path);
  describe(name, () => suite({ files, read: (file) => readFileSync(`${path}/${file}`, "utf8") }));
}

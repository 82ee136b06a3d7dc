import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { type BuildOptions, buildBook, THE_BOOK } from "../../book/index.js";
import type { BenchFigure } from "./figure.js";

/** The making of the book's pages from the outputs that the notebooks hold, the same again with nothing changed, and what each page weighs. */
export async function bookFigures(root: string): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-bench-"));
  try {
    for (const part of ["chapters", "notebooks"])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    const options: BuildOptions = {
      root: folder,
      out: join(folder, "book"),
      book: THE_BOOK,
      library: join(folder, "no-library"),
      runNotebook: async () => ({ journals: {}, captures: {} }),
    };
    const timed = async (name: string, atMost: number): Promise<BenchFigure> => {
      const start = performance.now();
      await buildBook(options);
      return { name, value: Math.round(performance.now() - start) / 1e3, unit: "s", target: { atMost } };
    };
    return [
      await timed("pages of the book, notebooks executed", 30),
      await timed("the book again, nothing changed", 2),
      ...pageWeights(options.out),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a page loads before the first Run as gzip makes it, without the library of plots. */
function pageWeights(folder: string): BenchFigure[] {
  const weight = (path: string) => gzipSync(readFileSync(join(folder, path))).length;
  const assets = readdirSync(join(folder, "assets")).filter(
    (name) => /\.woff2$/.test(name) || name === "book.css",
  );
  const shared = assets.reduce((sum, name) => sum + weight(join("assets", name)), 0);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const scripts = [...text.matchAll(/<script[^>]* src="([^"]+)"/g)].map((match) => weight(match[1]!));
      const bytes = weight(name) + shared + scripts.reduce((sum, size) => sum + size, 0);
      const value = Math.round(bytes / 1000);
      return {
        name: `page ${basename(name, ".html")} before the first Run`,
        value,
        unit: "kB",
        target: { atMost: 300 },
      };
    });
}

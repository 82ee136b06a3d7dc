import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { type BuildOptions, buildBook, THE_BOOK } from "../../book/index.js";
import { runWithMaterials } from "../book.js";
import { LIBRARY_FOLDER } from "../folders.js";
import type { BenchFigure } from "./figure.js";

/**
 * The five chapters as a book, from nothing: every cell runs on the kernel, as many chapters at a time as there are processors. Then the same again with nothing changed, and
 * what each page of the whole book weighs. The folder lies within the repository, where notebooks find the library.
 */
export async function bookFigures(root: string): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(root, "notebooks", ".bench-"));
  try {
    const chapters = join(root, "chapters");
    // Appendices are folders without a number; what the chapters share is a file.
    cpSync(chapters, join(folder, "chapters"), {
      recursive: true,
      filter: (path) => dirname(path) !== chapters || /^\d|\.yaml$/.test(basename(path)),
    });
    const options: BuildOptions = {
      root: folder,
      out: join(folder, "book"),
      book: THE_BOOK,
      library: LIBRARY_FOLDER,
      runNotebook: runWithMaterials,
    };
    return [
      await timed("book of five chapters, from nothing", 60, options),
      await timed("the book again, nothing changed", 2, options),
      ...(await pageFigures(root)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(name: string, atMost: number, options: BuildOptions): Promise<BenchFigure> {
  const start = performance.now();
  await buildBook(options);
  return { name, value: Math.round(performance.now() - start) / 1e3, unit: "s", target: { atMost } };
}

/** The weights of all pages, appendices too, made of the outputs that the notebooks hold. */
async function pageFigures(root: string): Promise<BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), "hopbook-bench-"));
  try {
    for (const part of ["chapters", "notebooks"])
      cpSync(join(root, part), join(folder, part), {
        recursive: true,
        filter: (path) => !basename(path).startsWith(".bench-"),
      });
    const out = join(folder, "book");
    const runNotebook = async () => ({ journals: {}, captures: {} });
    await buildBook({ root: folder, out, book: THE_BOOK, library: join(folder, "no-library"), runNotebook });
    return pageWeights(out);
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

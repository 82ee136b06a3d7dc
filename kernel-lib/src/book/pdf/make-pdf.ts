import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { bookAssets } from "../assets.js";
import { type BookParts, printedChapters } from "../book-files.js";
import { findChromium, printPdf } from "./chromium.js";
import { pageNumbers } from "./page-numbers.js";
import { wholeBookHtml } from "./whole-book.js";

/**
 * Prints the whole book into one PDF: once to learn on which page everything falls, then with those numbers in the contents. The numbers
 * take the room of their placeholders, so nothing moves. Throws when no Chromium is installed.
 */
export async function makePdf(parts: BookParts, file: string): Promise<void> {
  const browser = findChromium();
  const target = resolve(file);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    mkdirSync(join(folder, "assets"));
    for (const [name, content] of bookAssets())
      if (/\.(css|woff2)$/.test(name)) writeFileSync(join(folder, "assets", name), content);
    const page = join(folder, "book.html");
    const pdf = join(folder, "book.pdf");
    const chapters = printedChapters(parts);
    const print = async (pageOf: (anchor: string) => number | null) => {
      writeFileSync(page, wholeBookHtml(parts.book, chapters, pageOf));
      rmSync(pdf, { force: true });
      await printPdf(browser, page, pdf);
      return pageNumbers(readFileSync(pdf));
    };
    const first = await print(() => null);
    const second = await print((anchor) => first.get(anchor) ?? null);
    const moved = [...first].find(([anchor, number]) => second.get(anchor) !== number);
    if (moved)
      throw new Error(
        `the contents say page ${moved[1]} of “${moved[0]}”, which is on ${second.get(moved[0])}`,
      );
    renameSync(pdf, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFRef } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookAssets } from "../../kernel-lib/src/book/assets.js";
import { printedChapters } from "../../kernel-lib/src/book/book-files.js";
import { buildBook, printBook } from "../../kernel-lib/src/book/build.js";
import { readBook } from "../../kernel-lib/src/book/chapters.js";
import { findChromium, printPdf } from "../../kernel-lib/src/book/pdf/chromium.js";
import { pageNumbers } from "../../kernel-lib/src/book/pdf/page-numbers.js";
import { wholeBookHtml } from "../../kernel-lib/src/book/pdf/whole-book.js";
import { describeWith } from "../support/requirement.js";
import { copySample, sampleOptions } from "./fixtures/sample-book.js";
import { storedOptions } from "./fixtures/stored-book.js";
import { browserHere, CHROMIUM } from "./fixtures/visit.js";

describe("the numbers of pages", () => {
  it("are those of the destinations, by the order of the page tree", () => {
    const pdf = `%PDF-1.4
1 0 obj
<</Type /Pages
/Count 3
/Kids [2 0 R 5 0 R]>>
endobj
2 0 obj
<</Type /Pages
/Parent 1 0 R
/Kids [4 0 R 3 0 R]>>
endobj
3 0 obj
<</Type /Page>>
endobj
4 0 obj
<</Type /Page>>
endobj
5 0 obj
<</Type /Page>>
endobj
6 0 obj
<</a--look [5 0 R /XYZ 0 700 0]
/b--caf#C3#A9 [3 0 R /XYZ 0 10 0]>>
endobj
`;
    expect([...pageNumbers(Buffer.from(pdf))]).toEqual([
      ["a--look", 3],
      ["b--café", 2],
    ]);
    expect(() => pageNumbers(Buffer.from("%PDF-1.4\n"))).toThrow("no list of its pages");
  });

  it("need a browser, and say so", () => {
    expect(() => findChromium({ HOPBOOK_CHROMIUM: "/nowhere/chromium" })).toThrow("/nowhere/chromium");
  });
});

/** Named places of a PDF as pdf-lib reads them: the number of the page for each. */
async function places(file: Buffer): Promise<Map<string, number>> {
  const pdf = await PDFDocument.load(file);
  const pages = pdf.getPages().map((page) => page.ref.toString());
  const dests = pdf.catalog.lookup(PDFName.of("Dests"), PDFDict);
  const read = dests.entries().map(([name, value]): [string, number] => {
    const place = pdf.context.lookup(value, PDFArray);
    return [name.decodeText(), pages.indexOf((place.get(0) as PDFRef).toString()) + 1];
  });
  return new Map(read);
}

describeWith("the book on paper", browserHere, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hopbook-pdf-"));
    process.env.HOPBOOK_CHROMIUM ??= CHROMIUM;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has its contents with the pages on which chapters and sections begin", async () => {
    const { root, remove } = copySample();
    const options = sampleOptions(root);
    await buildBook(options);
    const file = join(folder, "sample.pdf");
    await printBook(options, file);
    const bytes = readFileSync(file);
    const found = await places(bytes);
    expect(pageNumbers(bytes)).toEqual(found);
    expect(found.get("01-sample")).toBe(3);
    expect(found.get("02-second")).toBeGreaterThan(3);
    expect(found.get("01-sample--look-at-it")).toBeGreaterThanOrEqual(3);
    remove();
  }, 180_000);

  it("has all chapters, and every figure whole on one page", async () => {
    const options = storedOptions(fileURLToPath(new URL("../..", import.meta.url)), join(folder, "book"));
    const { chapters, terms } = readBook(options.root);
    const made = chapters.map((chapter) => ({ chapter, executed: false, downloads: new Map() }));
    const printed = printedChapters({ root: options.root, book: options.book, chapters: made, terms });
    // A place before each figure and one behind it, and links that make the printer note them.
    let count = 0;
    const marked = wholeBookHtml(options.book, printed, () => null).replace(
      /(<figure class="output picture[^"]*">)([\s\S]*?)(<\/figure>)/g,
      (_, open: string, inner: string, close: string) => {
        count++;
        return `${open}<span id="begin-${count}">.</span>${inner}<span id="end-${count}">.</span>${close}`;
      },
    );
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const links = numbers.map((i) => `<a href="#begin-${i}">b</a> <a href="#end-${i}">e</a>`).join(" ");
    writeFileSync(
      join(folder, "book.html"),
      marked.replace("</main>", `<p>${links}</p></main>`).replace("assets/book.css", "book.css"),
    );
    for (const [name, content] of bookAssets())
      if (/\.(css|woff2)$/.test(name)) writeFileSync(join(folder, name), content);
    await printPdf(findChromium(), join(folder, "book.html"), join(folder, "whole.pdf"));
    const found = pageNumbers(readFileSync(join(folder, "whole.pdf")));
    const begins = chapters.map(({ name }) => found.get(name));
    expect(begins).toEqual([...begins].sort((a, b) => a! - b!));
    expect(begins).not.toContain(undefined);
    expect(count).toBeGreaterThan(20);
    expect(numbers.filter((i) => found.get(`begin-${i}`) !== found.get(`end-${i}`))).toEqual([]);
  }, 240_000);
});

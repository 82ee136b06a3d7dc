import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { joinText, type MultilineText, type OutputData } from "../../kernel-lib/src/base/notebook.js";
import { chapterPage } from "../../kernel-lib/src/book/html/chapter-page.js";
import { readNotebook } from "../../kernel-lib/src/book/html/read-notebook.js";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));
const NAMES = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));

/** In one of these forms stands what a picture shows, in rows. */
const IN_ROWS = [
  "application/vnd.plotly.v1+json",
  "application/vnd.hopbook.story+json",
  "application/vnd.hopbook.table+json",
];

/** What a packet's picture says of it: its way, how many hops it has, and how long they took. */
const WAY = /\d+ hops?,? (?:through .* )?(?:in )?[\d.,]+ (?:ns|µs|ms|s)\b/;

it.each(NAMES)("every picture of %s is told in words and has its data as a table on the page", (name) => {
  const notebook = readNotebook(readFileSync(join(NOTEBOOKS, name), "utf8"));
  const pictures = notebook.cells
    .flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []))
    .flatMap((output) => ("data" in output ? [output.data] : []))
    .filter((data) => "image/svg+xml" in data);
  const text = (data: OutputData, type: string) => joinText(data[type] as MultilineText);
  for (const data of pictures) {
    const words = text(data, "text/plain");
    const label = /^<svg role="img" aria-label="([^"]*)"/.exec(text(data, "image/svg+xml"))?.[1] ?? "";
    expect(label.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toBe(words);
    expect(
      IN_ROWS.filter((type) => type in data),
      words,
    ).toHaveLength(1);
    if (/\bpackets? /i.test(words) && !/^(Packets that|A frame|Throughput)/.test(words))
      expect(words).toMatch(WAY);
  }
  const page = chapterPage(notebook, { name, title: name, chapters: [{ name, title: name }] });
  expect(page.match(/<details class="data-table">/g) ?? []).toHaveLength(pictures.length);
});

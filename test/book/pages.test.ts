import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBook } from "../../kernel-lib/src/book/build.js";
import { brokenLinks } from "../../kernel-lib/src/book/html/check-links.js";
import { copySample, sampleOptions } from "./fixtures/sample-book.js";

let folder: string;
let remove: () => void;

beforeAll(async () => {
  const copy = copySample();
  remove = copy.remove;
  folder = join(copy.root, "dist/book");
  await buildBook(sampleOptions(copy.root));
});
afterAll(() => remove());

const files = () => readdirSync(folder, { recursive: true, encoding: "utf8" });
const pages = () =>
  new Map(
    files()
      .filter((name) => name.endsWith(".html"))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

describe("the pages of the sample book", () => {
  it("load nothing from another host", () => {
    for (const [name, text] of pages()) {
      const loads =
        text.match(
          /<(?:link|script|img|image|use|iframe|source|video|audio)\b[^>]*\b(?:href|src|srcset|data)="[^"]*"/g,
        ) ?? [];
      expect(loads.length, name).toBeGreaterThan(3);
      for (const tag of loads) expect(tag, name).not.toMatch(/="\s*(?:[a-z]+:)?\/\//i);
      expect(text, name).not.toMatch(/url\(\s*["']?(?:https?:)?\/\//);
      expect(text, name).toContain("default-src 'none'");
    }
    expect(readFileSync(join(folder, "assets/book.css"), "utf8")).not.toMatch(/https?:|@import/);
  });

  it("have no inline script and no event attribute", () => {
    for (const [name, text] of pages()) {
      expect(text.match(/<script(?![^>]*\bsrc=)(?![^>]*type="application\/json")/g), name).toBeNull();
      expect(text, name).not.toMatch(/<[^>]+\son\w+=/);
    }
  });

  it("link only to pages, files and anchors that are there", () => {
    expect(brokenLinks(pages(), new Set(files()))).toEqual([]);
    const broken = new Map([["a.html", '<a href="#x">1</a><a href="b.html">2</a><a href="#y" id="y">3</a>']]);
    expect(brokenLinks(broken, new Set())).toEqual([
      { page: "a.html", target: "#x" },
      { page: "a.html", target: "b.html" },
    ]);
  });

  it("have each id once", () => {
    for (const [name, text] of pages()) {
      const ids = [...text.matchAll(/<[^>]+\sid="([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(ids).size, name).toBe(ids.length);
    }
  });

  it("carry the plot library only where there is a plot", () => {
    expect(pages().get("01-sample.html")).toContain("assets/plots.js");
    expect(pages().get("02-second.html")).not.toContain("assets/plots.js");
    expect(files()).toContain("assets/plotly-basic.min.js");
    expect(files()).toContain("assets/plotly-LICENSE.txt");
  });

  it("link a term to the chapter that explains it", () => {
    expect(pages().get("02-second.html")).toContain(
      'href="01-sample.html#term-bridge" data-definition="A switch in software. It learns which address is behind which port."',
    );
  });
});

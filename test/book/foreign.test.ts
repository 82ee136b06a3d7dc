import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportNotebooks } from "../../kernel-lib/src/book/foreign.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hopbook-foreign-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, notebook: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof notebook === "string" ? notebook : JSON.stringify(notebook));
  return path;
};
const exported = (...paths: string[]) => exportNotebooks(paths, join(folder, "pages"));
const read = (name: string) => readFileSync(join(folder, "pages", name), "utf8");

/** As Jupyter writes them: no ids before 4.5, sources as lines, widgets, scripts, colours, attachments. */
const ELSEWHERE = {
  nbformat: 4,
  nbformat_minor: 2,
  metadata: { widgets: { "application/vnd.jupyter.widget-state+json": { state: {} } } },
  cells: [
    {
      cell_type: "markdown",
      metadata: {},
      source: [
        "# Measured <b>elsewhere</b>\n",
        "![p](attachment:p.png) ![q](https://evil.example/q.png) <script>alert(1)</script>",
      ],
      attachments: { "p.png": { "image/png": "aGk=" } },
    },
    {
      cell_type: "code",
      metadata: {},
      execution_count: 3,
      source: "%matplotlib inline",
      outputs: [
        {
          output_type: "display_data",
          metadata: {},
          data: {
            "text/html": "<script src='https://evil.example/x.js'></script><p onclick='x()'>shown</p>",
            "text/plain": "p",
          },
        },
        {
          output_type: "display_data",
          metadata: {},
          data: {
            "application/vnd.jupyter.widget-view+json": { model_id: "1" },
            "text/plain": "IntSlider(value=7)",
          },
        },
        {
          output_type: "display_data",
          metadata: {},
          data: {
            "application/javascript": "alert(1)",
            "text/plain": "<IPython.core.display.Javascript object>",
          },
        },
        {
          output_type: "error",
          ename: "ZeroDivisionError",
          evalue: "division by zero",
          traceback: ["\u001b[0;31mZeroDivisionError\u001b[0m: division by zero"],
        },
      ],
    },
  ],
};

const OLD = {
  nbformat: 3,
  nbformat_minor: 0,
  metadata: { name: "old" },
  worksheets: [
    {
      cells: [
        { cell_type: "heading", level: 2, metadata: {}, source: ["Look"] },
        {
          cell_type: "html",
          metadata: {},
          source: "<p>text</p><iframe src='https://evil.example/'></iframe>",
        },
        {
          cell_type: "code",
          language: "python",
          metadata: {},
          input: ["1 + 1"],
          prompt_number: 7,
          outputs: [
            { output_type: "stream", stream: "stderr", text: "careful\n" },
            {
              output_type: "pyout",
              metadata: {},
              prompt_number: 7,
              text: "2",
              html: "<b onload='x()'>2</b>",
            },
            { output_type: "pyerr", ename: "E", evalue: "v", traceback: ["\u001b[31mE\u001b[0m"] },
          ],
        },
      ],
    },
  ],
};

describe("a notebook from elsewhere", () => {
  it("becomes a page on which nothing acts or loads", () => {
    expect(exported(write("my notes.ipynb", ELSEWHERE))).toEqual(["my-notes.html"]);
    const page = read("my-notes.html");
    expect(page).toContain("<title>Measured elsewhere · Hopbook</title>");
    expect(page).not.toMatch(/evil\.example|<[^>]+\son\w+=|alert\(1\)<\/script>/);
    expect(page.match(/<script(?![^>]*\bsrc="assets\/)(?![^>]*type="application\/json")/g)).toBeNull();
    for (const shown of [
      'src="data:image/png;base64,aGk="',
      "<p>shown</p>",
      "IntSlider(value=7)",
      "ansi-red",
    ])
      expect(page).toContain(shown);
    expect(readdirSync(join(folder, "pages")).sort()).toEqual(["assets", "my-notes.html", "my-notes.ipynb"]);
  });

  it("of format 3 becomes the same", () => {
    exported(write("old.ipynb", OLD));
    const page = read("old.html");
    expect(page).toContain('<h2 id="look">Look');
    expect(page).toContain("<p>text</p>");
    expect(page).toContain('data-count="7"');
    expect(page).toContain('<pre class="output stderr">careful</pre>');
    expect(page).toContain('<div class="output rich"><b>2</b></div>');
    expect(page).toContain('<span class="ansi-red">E</span>');
    expect(page).not.toMatch(/evil\.example|iframe|onload/);
  });

  const code = (outputs: unknown) => ({
    cell_type: "code",
    metadata: {},
    source: "",
    execution_count: null,
    outputs,
  });
  it.each([
    ["no JSON", "{", "bad.ipynb: the notebook is not JSON"],
    ["no notebook", [1], "bad.ipynb: the notebook is not a JSON object"],
    [
      "of a format to come",
      { nbformat: 5, cells: [] },
      "bad.ipynb: notebooks of the formats 3 and 4 are read here, not 5",
    ],
    ["without cells", { nbformat: 4 }, "bad.ipynb: the notebook has no array “cells”"],
    [
      "with a cell of no kind",
      { nbformat: 4, cells: [code([]), { cell_type: "x", source: "" }] },
      "bad.ipynb: cell 2: its type “x” is not known",
    ],
    [
      "with a damaged output",
      { nbformat: 4, cells: [code([]), code([{ output_type: "stream", text: 7 }])] },
      "bad.ipynb: cell 2: a stream's text is neither text nor lines",
    ],
    [
      "with a picture that is none",
      { nbformat: 4, cells: [code([{ output_type: "display_data", data: { "image/png": "<>" } }])] },
      "bad.ipynb: cell 1: this image/png is not base64",
    ],
    [
      "of format 3 with a cell of no kind",
      { nbformat: 3, worksheets: [{ cells: [{ cell_type: "x" }] }] },
      "bad.ipynb: cell 1: its type “x” is not known",
    ],
  ])("that is %s is refused by name and cell, and nothing is written", (_, notebook, message) => {
    expect(() => exported(write("bad.ipynb", notebook))).toThrow(message);
    expect(readdirSync(folder)).toEqual(["bad.ipynb"]);
  });

  it("never takes the place of other files", () => {
    mkdirSync(join(folder, "pages"));
    writeFileSync(join(folder, "pages/mine.txt"), "mine");
    expect(() => exported(write("a.ipynb", ELSEWHERE))).toThrow("holds other files");
    expect(read("mine.txt")).toBe("mine");
  });

  it("may come with others, each with a name of its own", () => {
    expect(exported(write("a.ipynb", ELSEWHERE), write("b.ipynb", OLD))).toEqual(["a.html", "b.html"]);
    expect(read("a.html")).toContain('rel="next" href="b.html"');
    mkdirSync(join(folder, "c"));
    const twin = write("c/a.ipynb", OLD);
    expect(() => exported(join(folder, "a.ipynb"), twin)).toThrow("two notebooks have the name a.ipynb");
  });
});

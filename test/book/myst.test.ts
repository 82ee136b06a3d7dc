import { describe, expect, it } from "vitest";
import { joinText, type Notebook } from "../../kernel-lib/src/base/notebook.js";
import { type Chapter, type ChapterOptions, readChapter } from "../../kernel-lib/src/book/myst/chapter.js";
import { readSources } from "../../kernel-lib/src/book/myst/sources.js";

function chapter(text: string, exercises?: string, options?: ChapterOptions): Chapter {
  const files = [{ path: "chapter.md", text }] as const;
  const more = exercises === undefined ? [] : [{ path: "exercises.md", text: exercises }];
  return readChapter({ name: "01-sample", files: [...files, ...more] }, options);
}

/** Kind and source of every cell. */
function cells(made: Chapter): string[] {
  return made.notebook.cells.map((cell) => `${cell.cell_type}: ${joinText(cell.source)}`);
}

/** The Markdown that a text becomes, behind a title. */
function markdown(text: string): string {
  return joinText(chapter(`# T\n\n${text}`).notebook.cells[0]!.source).replace(/^# T\s*/, "");
}

describe("cells", () => {
  it.each([
    [
      "text around code",
      "# T\n\na\n\n```{code-cell} typescript\n1\n```\n\nb\n",
      ["markdown: # T\n\na", "code: 1", "markdown: b"],
    ],
    ["+++ between texts", "# T\n+++\nb\n\n+++\n\nc", ["markdown: # T", "markdown: b", "markdown: c"]],
    ["shown code stays text", "# T\n```ts\n+++\n```", ["markdown: # T\n\n```ts\n+++\n```"]],
    [
      "longer fences",
      "# T\n````{code-cell} ts\n`a```b`;\n```\n````",
      ["markdown: # T", "code: `a```b`;\n```"],
    ],
    ["colon fences", "# T\n:::{code-cell} ts\n1\n:::", ["markdown: # T", "code: 1"]],
    ["title from the head", "---\ntitle: Hi\n---\na", ["markdown: # Hi", "markdown: a"]],
    ["no cell for nothing", "# T\n+++\n+++\n\n\n+++\nb", ["markdown: # T", "markdown: b"]],
    ["Windows line ends", "# T\r\n\r\n```{code-cell} ts\r\n1\r\n```\r\n", ["markdown: # T", "code: 1"]],
  ])("%s", (_, text, expected) => expect(cells(chapter(text))).toEqual(expected));

  it("appends the exercises one level down", () => {
    const made = chapter("# T", "# Exercises\n\n## First\n\n```bash\n# a comment\n```");
    expect(cells(made)).toEqual(["markdown: # T\n\n## Exercises\n\n### First\n\n```bash\n# a comment\n```"]);
  });

  it.each([
    [
      ":tags: [hide-input, raises-exception]",
      { jupyter: { source_hidden: true }, tags: ["hide-input", "raises-exception"] },
    ],
    [
      "---\ntags: [hide-cell]\n---",
      { jupyter: { source_hidden: true, outputs_hidden: true }, tags: ["hide-cell"] },
    ],
    ["---\ntags:\n  - remove-cell\n---", { tags: ["remove-cell"] }],
    ["", {}],
  ])("reads the options %j", (options, metadata) => {
    const [, cell] = chapter(`# T\n\n\`\`\`{code-cell} typescript\n${options}\n1\n\`\`\``).notebook.cells;
    expect(cell).toMatchObject({ source: "1", metadata });
  });

  it("makes a row of folded cells of a dropdown with code in it", () => {
    const text = "# T\n\n:::{solution}\na\n\n```{code-cell} ts\n1\n```\n\nb\n:::\n\nc";
    const made = chapter(text);
    const opening = '<details class="solution">\n<summary>Solution</summary>';
    expect(cells(made)).toEqual([
      "markdown: # T",
      `markdown: ${opening}\n\na\n\n</details>`,
      "code: 1",
      `markdown: ${opening}\n\nb\n\n</details>`,
      "markdown: c",
    ]);
    const hopbook = { fold: { number: 1, title: "Solution" } };
    expect(made.notebook.cells.slice(1, 4).map((cell) => cell.metadata)).toEqual([
      { hopbook },
      { hopbook, jupyter: { source_hidden: true, outputs_hidden: true }, tags: ["hide-cell"] },
      { hopbook },
    ]);
  });

  it("takes a cell's metadata from +++", () => {
    expect(chapter('# T\n+++ {"tags": ["x"]}\nb').notebook.cells[1]!.metadata).toEqual({ tags: ["x"] });
  });

  it("names the project's kernel", () => {
    expect(chapter("---\ntitle: A\nsubtitle: B\n---\n").notebook.metadata).toMatchObject({
      hopbook: { chapter: "01-sample", title: "A", subtitle: "B" },
      kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" },
      language_info: { name: "typescript" },
    });
  });
});

describe("MyST to Markdown", () => {
  const alert = (kind: string, look: string) =>
    `<div class="admonition ${kind} alert alert-block alert-${look}">`;
  it.each([
    [":::{note}\na\n:::", `${alert("note", "info")}\n\n**Note**\n\na\n\n</div>`],
    ["```{warning} Careful\na\n```", `${alert("warning", "warning")}\n\n**Careful**\n\na\n\n</div>`],
    [
      "::::{note}\n:::{tip}\nb\n:::\n::::",
      `${alert("note", "info")}\n\n**Note**\n\n${alert("tip", "success")}\n\n**Tip**\n\nb\n\n</div>\n\n</div>`,
    ],
    [
      ":::{dropdown} Use `ip`\na\n\n```bash\nip a\n```\n:::",
      '<details class="dropdown">\n<summary>Use <code>ip</code></summary>\n\na\n\n```bash\nip a\n```\n\n</details>',
    ],
    [":::{solution}\na\n:::", '<details class="solution">\n<summary>Solution</summary>\n\na\n\n</details>'],
    [
      ':::{figure} a.svg\n:alt: "A < B"\n:width: 20px\nThe *way*\n:::',
      '<figure>\n<img src="../chapters/01-sample/a.svg" alt="A &lt; B" width="20">\n<figcaption>The <em>way</em></figcaption>\n</figure>',
    ],
    ["![a](b.png)", "![a](../chapters/01-sample/b.png)"],
    ["`{ref}` and `` {ref}`x` `` and `[^1]`", "`{ref}` and `` {ref}`x` `` and `[^1]`"],
    ["<details><summary>S</summary>\n\na\n\n</details>", "<details><summary>S</summary>\n\na\n\n</details>"],
  ])("%j", (text, expected) => expect(markdown(text)).toBe(expected));

  it("links terms to the glossary, each with its explanation", () => {
    const text =
      'a {term}`Veth  Pair` {term}`ends <veth pair>`\n\n:::{glossary}\nveth pair\n  A *cable* "of two".\n\n  More.\n:::';
    const link = (shown: string) => `[${shown}](#term-veth-pair "A cable \\"of two\\".")`;
    expect(markdown(text)).toBe(
      `a ${link("Veth Pair")} ${link("ends")}\n\n<dl class="glossary">\n<dt id="term-veth-pair">veth pair</dt>\n<dd>\n\nA *cable* "of two".\n\nMore.\n\n</dd>\n</dl>`,
    );
  });

  it("links a term that another chapter explains to that chapter", () => {
    const terms = new Map([["bridge", { name: "bridge", summary: "A switch.", chapter: "00-start" }]]);
    const [cell] = chapter("# T\n\n{term}`bridge`", undefined, { terms }).notebook.cells;
    expect(cell!.source).toContain('[bridge](00-start.ipynb#term-bridge "A switch.")');
  });

  it("numbers footnotes by their first mark and lists them at the end", () => {
    const made = chapter("# T\n\na[^x] b[^y] c[^x]\n\n[^y]: Why.\n[^x]: Is\n  long.\n");
    const [text, notes] = made.notebook.cells.map((cell) => joinText(cell.source));
    const mark = (n: number, id: string) =>
      `<sup class="footnote-mark"${id}><a href="#footnote-${n}">${n}</a></sup>`;
    expect(text).toBe(
      `# T\n\na${mark(1, ' id="footnote-mark-1"')} b${mark(2, ' id="footnote-mark-2"')} c${mark(1, "")}`,
    );
    expect(notes).toMatch(
      /^## Notes\n\n<ol class="footnotes">\n<li id="footnote-1">\n\nIs long\. .*\n\n<\/li>\n<li id="footnote-2">/,
    );
  });
});

describe("what is not supported is refused with file and line", () => {
  it.each([
    ["# T\n\n:::{tab-set}\n:::", "chapter.md:3: directive “{tab-set}” is not supported"],
    ["# T\n\na\nb {ref}`x`", "chapter.md:4: role “{ref}” is not supported"],
    ["# T\n\n(here)=\n## H", "chapter.md:3: targets “(name)=” are not supported"],
    ["# T\n% note", "chapter.md:2: comment lines “%” are not supported"],
    ["# T\n\n$$\nx\n$$", "chapter.md:3: math blocks “$$” are not supported"],
    ["# T\n\n{term}`nothing`", "chapter.md:3: no glossary explains “nothing”"],
    ["# T\n\na[^1]", "chapter.md:3: footnote “1” is not defined"],
    ["# T\n\n[^1]: a", "chapter.md:3: nothing refers to footnote “1”"],
    ["# T\n\n:::{note}\na", "chapter.md:3: “:::{note}” is never closed"],
    ["# T\n\n:::\n", "chapter.md:3: “:::” opens nothing and closes nothing"],
    [
      "# T\n\n:::{note}\n:class: x\n:::",
      "chapter.md:3: directive “{note}” has no option “class”; it takes none",
    ],
    ["# T\n\n:::{figure} a.png\n:::", "chapter.md:3: a figure needs “:alt:”"],
    [
      "# T\n\n:::{figure} https://x.y/a.png\n:alt: a\n:::",
      "chapter.md:3: image “https://x.y/a.png” must be a file",
    ],
    ["# T\n\n:::{figure} ../b/a.png\n:alt: a\n:::", "chapter.md:3: image “../b/a.png” must be a file"],
    [
      "# T\n\n```{code-cell} python\n```",
      "chapter.md:3: a code cell's language is “typescript”, not “python”",
    ],
    ["# T\n\n```{code-cell} ts\n:tags: [hide-inptu]\n```", "chapter.md:3: tag “hide-inptu” is not known"],
    [
      "# T\n\n:::{note}\n```{code-cell} ts\n1\n```\n:::",
      "chapter.md:4: a code cell cannot stand inside a directive",
    ],
    ["---\ntitle: [\n---\n", "chapter.md:2: this is not YAML"],
    ["---\ntitle: a\nmath: b\n---\n", "chapter.md:2: the head of a chapter has no option “math”"],
    [
      "---\ntitle: a\nkernelspec: {name: tslab}\n---\n",
      "chapter.md:2: the kernelspec's name must be “hopbook”",
    ],
    ["no title", "chapter.md:1: the chapter has no title"],
    ["# T\n+++ [", "chapter.md:2: after “+++” only a JSON object may stand"],
    ["# T\n\n:::{glossary}\n  a\n:::", "chapter.md:4: a glossary has terms"],
  ])("%j", (text, message) => expect(() => chapter(text)).toThrow(message));

  it("counts lines of exercises in their own file", () => {
    expect(() => chapter("# T", "a\n\n{x}`y`")).toThrow("exercises.md:3: role “{x}” is not supported");
  });
});

describe("ids and outputs", () => {
  const text = "# T\n\n```{code-cell} ts\n1\n```\n\na\n\n```{code-cell} ts\n1\n```\n";
  const ids = (made: Chapter) => made.notebook.cells.map((cell) => cell.id);

  it("are the same for the same text, differ within a notebook, and keep to nbformat", () => {
    expect(ids(chapter(text))).toEqual(ids(chapter(text)));
    expect(new Set(ids(chapter(text))).size).toBe(4);
    for (const id of ids(chapter(text))) expect(id).toMatch(/^[\w-]{1,64}$/);
  });

  it("stay when another cell comes before", () => {
    const moved = ids(chapter(text.replace("# T", "# T\n\n```{code-cell} ts\n0\n```")));
    for (const id of ids(chapter(text))) expect(moved).toContain(id);
  });

  it("keep the outputs of cells that did not change, and no others", () => {
    const earlier = chapter(text).notebook as Notebook;
    earlier.metadata.language_info = { name: "typescript", version: "5.0.4" };
    for (const cell of earlier.cells) {
      if (cell.cell_type === "code")
        Object.assign(cell, { execution_count: 1, outputs: [{ output_type: "stream" }] });
    }
    const made = chapter(text.replace("a\n\n```{code-cell} ts\n1", "b\n\n```{code-cell} ts\n2"), undefined, {
      earlier,
    });
    const outputs = made.notebook.cells.flatMap((cell) =>
      cell.cell_type === "code" ? [cell.outputs.length] : [],
    );
    expect(outputs).toEqual([1, 0]);
    expect(made.notebook.metadata.language_info).toEqual({ name: "typescript", version: "5.0.4" });
  });
});

describe("citations", () => {
  const sources = readSources(
    "rfc826:\n  label: RFC 826\n  title: ARP\n  by: D. C. Plummer\n  year: 1982\n  url: https://example.org/rfc826\nlone:\n  label: L\n  title: T\n  url: https://example.org/\n",
    "references.yaml",
  );

  it("are links to the works, which stand once at the chapter's end in the order of the text", () => {
    const made = chapter("# T\n\na {cite}`lone` b {cite}`rfc826` c {cite}`lone`", undefined, { sources });
    expect(cells(made)).toEqual([
      "markdown: # T\n\na [L](#source-lone) b [RFC 826](#source-rfc826) c [L](#source-lone)",
      'markdown: ## Sources\n\n<dl class="sources">\n<dt id="source-lone">L</dt>\n<dd>\n\n[T](https://example.org/).\n\n</dd>\n<dt id="source-rfc826">RFC 826</dt>\n<dd>\n\nD. C. Plummer, [ARP](https://example.org/rfc826), 1982.\n\n</dd>\n</dl>',
    ]);
  });

  it("of a work that nobody described stop the build with file and line", () => {
    expect(() => chapter("# T\n\n{cite}`none`", undefined, { sources })).toThrow(
      "chapter.md:3: references.yaml has no work “none”",
    );
  });

  it.each([
    ["Bad key:\n  label: x", "“Bad key”: a key is small letters"],
    ["a: 1", "“a”: expected fields of a work"],
    ["a:\n  label: x\n  title: y\n  pages: 3", "“a”: there is no field “pages”"],
    ["a:\n  label: x", "“a”: the field “url” is missing"],
    ["a:\n  label: x\n  title: y\n  url: javascript:alert(1)", "“a”: its url is not an https address"],
  ])("need works that are described in full: %j", (text, message) => {
    expect(() => readSources(text, "references.yaml")).toThrow(message);
  });
});

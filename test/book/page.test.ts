import { describe, expect, it } from "vitest";
import { body, code, display, markdown, outputs, page, stream } from "./fixtures/notebooks.js";

const SVG = (inner: string, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inner}</svg>`;

describe("a page", () => {
  it("is this, for a small notebook", async () => {
    const cells = [
      markdown("# Sample\n\nA *word* and `code`.\n\n## Look\n\n```bash\nip a | grep veth\n```"),
      code("const a = 1;\na", [stream("one\n"), display({ "text/plain": "1" })]),
      code("secret()", [stream("two\n")], ["hide-cell"]),
    ];
    await expect(page(cells)).toMatchFileSnapshot("fixtures/small-page.html");
  });

  it("gives headings anchors and numbers, none of them twice", () => {
    const text = body([markdown("## Look\n\n## Look\n\n### Deep `x`")]);
    expect(text).toContain(
      '<h2 id="look"><span class="number">1.1</span> Look<a class="anchor" href="#look"',
    );
    expect(text).toContain('<h2 id="look-2"><span class="number">1.2</span> Look');
    expect(text).toContain('<h3 id="deep-x">Deep <code class="short">x</code>');
  });

  it.each([
    [["hide-input"], "<summary>Show the code</summary>", true],
    [["hide-output"], "<summary>Show the output</summary>", true],
    [["hide-cell"], "<summary>Show one way to do it</summary>", true],
    [["remove-input"], "const hidden", false],
    [["remove-output"], "printed", false],
    [["remove-cell"], 'class="cell"', false],
  ])("obeys the tags %j", (tags, text, there) => {
    expect(body([code("const hidden = 1", [stream("printed\n")], tags)]).includes(text)).toBe(there);
  });

  it("folds the cells of one dropdown together", () => {
    const fold = (number: number) => ({ hopbook: { fold: { number, title: "A <b>" } } });
    const wrapped = (text: string) =>
      `<details class="solution">\n<summary>A</summary>\n\n${text}\n\n</details>`;
    const cells = [
      { ...markdown(wrapped("one")), metadata: fold(1) },
      { ...code("two", [], ["hide-cell"]), metadata: { ...fold(1), tags: ["hide-cell"] } },
      { ...markdown(wrapped("three")), metadata: fold(2) },
      markdown("four"),
    ];
    const text = body(cells).replace(/<\/?(section|div|pre|code)[^>]*>|\n/g, "");
    const opening = '<details class="folded"><summary>A &lt;b&gt;</summary>';
    expect(text).toBe(`${opening}<p>one</p>two</details>${opening}<p>three</p></details><p>four</p>`);
  });

  it("shows attachments and pictures of the chapter, and says what is missing", () => {
    const cell = {
      ...markdown("![a](attachment:a.png) ![b](b.svg) ![gone](c.svg)"),
      attachments: { "a.png": { "image/png": "aGk=" } },
    };
    const text = body([cell], (path) => (path === "b.svg" ? "data:image/svg+xml;base64,PHN2Zy8+" : null));
    expect(text).toContain('<img src="data:image/png;base64,aGk=" alt="a">');
    expect(text).toContain('<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="b">');
    expect(text).toContain("<em>(gone)</em>");
  });

  it("links notebooks of the book as pages", () => {
    expect(body([markdown("[x](02-way.ipynb#term-y)")])).toContain('href="02-way.html#term-y"');
  });
});

describe("outputs", () => {
  it.each([
    ["merged streams", [stream("a"), stream(["b\n", "c"])], '<pre class="output stdout">ab\nc</pre>'],
    [
      "names apart",
      [stream("a\n"), stream("b", "stderr")],
      '<pre class="output stdout">a</pre>\n<pre class="output stderr">b</pre>',
    ],
    ["carriage returns", [stream("10 %\r"), stream("100 %\rok\n")], '<pre class="output stdout">ok0 %</pre>'],
    ["line ends of Windows", [stream("a\r\nb\r\n")], '<pre class="output stdout">a\nb</pre>'],
    ["backspaces", [stream("ab\b\bc\n")], '<pre class="output stdout">c</pre>'],
    [
      "colours",
      [stream("\x1b[1;31ma\x1b[0mb")],
      '<pre class="output stdout"><span class="ansi-red ansi-bold">a</span>b</pre>',
    ],
    [
      "256 colours",
      [stream("\x1b[38;5;196ma\x1b[39;48;2;1;2;3mb")],
      '<pre class="output stdout"><span style="color:#ff0000">a</span><span style="background:#010203">b</span></pre>',
    ],
    ["other escapes", [stream("\x1b[2Ka\x1b]0;title\x07b\x07")], '<pre class="output stdout">ab</pre>'],
    ["marks of HTML", [stream("<b>&amp;")], '<pre class="output stdout">&lt;b&gt;&amp;amp;</pre>'],
    ["empty streams", [stream("\n")], ""],
    [
      "plain before unknown",
      [display({ "text/plain": "1", "x/y": "2" })],
      '<pre class="output value">1</pre>',
    ],
    [
      "HTML before plain",
      [display({ "text/plain": "1", "text/html": "<b>2</b>" })],
      '<div class="output rich"><b>2</b></div>',
    ],
    [
      "PNG before HTML",
      [display({ "text/html": "<b>2</b>", "image/png": ["aG\n", "k=\n"] })],
      '<figure class="output picture"><img src="data:image/png;base64,aGk=" alt=""></figure>',
    ],
    [
      "JSON",
      [display({ "application/json": { a: [1] } })],
      '<pre class="output value">{\n  &quot;a&quot;: [\n    1\n  ]\n}</pre>',
    ],
    [
      "errors",
      [{ output_type: "error", ename: "E", evalue: "v", traceback: ["\x1b[31mE\x1b[0m: v", "at 1"] }],
      '<pre class="output error"><span class="ansi-red">E</span>: v\nat 1</pre>',
    ],
    [
      "errors without a place",
      [{ output_type: "error", ename: "E", evalue: "v", traceback: [] }],
      '<pre class="output error">E: v</pre>',
    ],
  ] as const)("%s", (_, given, expected) => expect(outputs(...(given as unknown as never[]))).toBe(expected));

  it("lets long listings scroll, by keyboard too", () => {
    const lines = Array.from({ length: 31 }, (_, i) => `${i}\n`).join("");
    expect(outputs(stream(lines))).toContain(
      '<pre class="output stdout" data-lines="31" tabindex="0" role="region" aria-label="Output 1 of cell 1, 31 lines">',
    );
  });

  it("gives each picture ids of its own, and rules that stay inside", () => {
    const svg = SVG(
      '<style>.a{fill:red}@media print{.a{fill:#123}}</style><clipPath id="c"/><g class="a" clip-path="url(\'#c\')"/><use href="#c"/>',
      ' width="20" height="10"',
    );
    const text = outputs(display({ "image/svg+xml": svg }), display({ "image/svg+xml": [svg] }));
    for (const id of ["figure-1-1", "figure-1-2"]) {
      expect(text).toContain(`id="${id}"`);
      expect(text).toContain(`<clipPath id="${id}-c">`);
      expect(text).toMatch(new RegExp(`class="svg-a" clip-path="url\\(['&quot;]*#${id}-c`));
      expect(text).toContain(`<style>#${id} {.svg-a{fill:red}@media print{.svg-a{fill:#123}}}</style>`);
    }
    expect(text).toContain('viewBox="0 0 20 10"');
  });

  it("shows a plot as its drawing, with the data beside it", () => {
    const figure = { data: [{ type: "bar", x: ["</script>"] }], layout: {} };
    const text = page([
      code("", [display({ "application/vnd.plotly.v1+json": figure, "image/svg+xml": SVG("<path/>") })]),
    ]);
    expect(text).toContain('<script defer src="assets/plots.js"></script>');
    expect(text).toContain(
      '<script type="application/json" class="plot-data">{"data":[{"type":"bar","x":["\\u003c/script>"]}],"layout":{}}</script>',
    );
    expect(page([markdown("no plot")])).not.toContain("plots.js");
  });
});

describe("a notebook of others", () => {
  const HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<img src="https://evil.example/pixel.png">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.example/"></iframe>',
    '<form action="https://evil.example/"><input name=a><button>x</button></form>',
    '<style>body{display:none}</style><link rel=stylesheet href="https://evil.example/a.css">',
    '<div style="position:fixed;background:url(https://evil.example/a.png)" onclick="alert(1)">x</div>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a><use href="https://evil.example/a.svg#b"/></svg>',
    '<object data="https://evil.example/"></object><embed src="https://evil.example/"><base href="https://evil.example/">',
    '<video src="https://evil.example/v"></video><audio src="https://evil.example/a"></audio>',
    '<input type=checkbox id=menu checked><p id="main" class="output error">x</p>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  ];
  const harmless = (text: string) => {
    expect(text).not.toMatch(
      /<(script|iframe|object|embed|form|input|button|style|link|base|meta|video|audio|foreignobject)\b/i,
    );
    expect(text).not.toMatch(/\son\w+\s*=/i);
    expect(text).not.toMatch(
      /(href|src|action|data|srcset|style)\s*=\s*["']?\s*(javascript|data:text|https?:\/\/evil)/i,
    );
    expect(text).not.toMatch(/url\(/i);
  };

  it.each(HOSTILE)("cannot act or load from a Markdown cell: %s", (text) =>
    harmless(body([markdown(`a\n\n${text}\n\nb`)])),
  );
  it.each(HOSTILE)("cannot act or load from an output: %s", (text) => {
    const made = outputs(display({ "text/html": text }));
    harmless(made);
    expect(made.replace(/^<div class="output rich">/, "")).not.toMatch(/\s(class|id)=/);
  });
  it.each(HOSTILE)("cannot act or load from Markdown in an output: %s", (text) =>
    harmless(outputs(display({ "text/markdown": text }))),
  );
  it.each([
    "<script>alert(1)</script>",
    '<image href="https://evil.example/a.png"/>',
    '<a href="javascript:alert(1)"><text>x</text></a>',
    '<foreignObject><body onload="alert(1)"/></foreignObject>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<rect onload="alert(1)" style="fill:url(https://evil.example/a)"/>',
    "<style>@import 'https://evil.example/a.css';</style>",
    "<style>} body { display: none } .a {</style>",
    '<style>.a{content:"}"} body{display:none}</style>',
    "<style>.a{background:u\\72l(https://evil.example/)}</style>",
  ])("cannot act or load from a picture: %s", (inner) => {
    const text = outputs(display({ "image/svg+xml": SVG(inner) }));
    harmless(text);
  });
  it("cannot put marks into the page through Markdown", () => {
    harmless(
      body([
        markdown(
          '[x](javascript:alert(1)) ![x](javascript:alert(1)) [y](<" onclick="alert(1)>) ![z](https://evil.example/a.png)',
        ),
      ]),
    );
    harmless(body([markdown('```"><script>alert(1)</script>\nx\n```')]));
  });

  it.each([
    [[code("a"), code("b", [display({ "x/y": "z" })])], "cell 2: no form of this output can be shown: x/y"],
    [[code("", [display({ "image/svg+xml": "text" })])], "cell 1: this picture is not SVG"],
    [[code("", [display({ "image/png": '"><script>' })])], "cell 1: this image/png is not base64"],
    [[{ cell_type: "heading", source: "" }], "cell 1: its type “heading” is not known"],
    [[{ cell_type: "code", source: 1 }], "cell 1: its source is neither text nor lines"],
    [
      [{ cell_type: "code", source: "", outputs: [{ output_type: "pyout" }] }],
      "cell 1: output type “pyout” is not known",
    ],
    [
      [
        {
          cell_type: "code",
          source: "",
          outputs: [{ output_type: "display_data", data: { "text/html": {} } }],
        },
      ],
      "cell 1: its output of type text/html is neither",
    ],
    [
      [code("", [display({ "application/vnd.plotly.v1+json": { data: [{ type: "scattergeo" }] } })])],
      "cell 1: Plotly trace “scattergeo” is not supported",
    ],
    [
      [
        code("", [
          display({
            "application/vnd.plotly.v1+json": {
              data: [],
              layout: { images: [{ source: "https://evil.example/a.png" }] },
            },
          }),
        ]),
      ],
      "cell 1: a Plotly figure may not load https://evil.example/a.png",
    ],
    [
      [code("", [display({ "application/vnd.plotly.v1+json": { data: [{ x: ['<a href="x">'] }] } })])],
      "cell 1: a Plotly figure may not hold a link",
    ],
  ])("is refused with the cell's number: %#", (cells, message) => expect(() => page(cells)).toThrow(message));

  it("may not choose an id that breaks out of its attribute", async () => {
    const { readNotebook } = await import("../../kernel-lib/src/book/html/read-notebook.js");
    const cell = { cell_type: "markdown", id: '"><script>', metadata: {}, source: "" };
    expect(() => readNotebook(JSON.stringify({ nbformat: 4, cells: [cell] }))).toThrow(
      "cell 1: its id is not",
    );
    expect(() => readNotebook(JSON.stringify({ nbformat: 2, worksheets: [] }))).toThrow(
      "notebooks of the formats 3 and 4 are read here, not 2",
    );
    expect(() => readNotebook("{")).toThrow("the notebook is not JSON");
  });
});

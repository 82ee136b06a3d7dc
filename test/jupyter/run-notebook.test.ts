import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Notebook } from "../../kernel-lib/src/jupyter/notebook.js";
import { parseNotebook } from "../../kernel-lib/src/jupyter/notebook-parse.js";
import { writeNotebook } from "../../kernel-lib/src/jupyter/notebook-write.js";
import { runNotebook, runNotebooks } from "../../kernel-lib/src/jupyter/run-notebook.js";
import { plain, requireBuild, withFolder } from "./kernel-under-test.js";

const folder = withFolder();
beforeAll(requireBuild);

interface Source {
  readonly code: string;
  readonly tags?: readonly string[];
}

/** Writes a notebook of these code cells, with a text before them, and gives its path. */
async function notebookOf(name: string, sources: readonly Source[]): Promise<string> {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      { cell_type: "markdown", id: "title", metadata: {}, source: "# Title\n\nText" },
      ...sources.map(({ code, tags }, i) => ({
        cell_type: "code" as const,
        id: `code-${i + 1}`,
        metadata: tags ? { tags } : {},
        source: code,
        execution_count: null,
        outputs: [],
      })),
    ],
  };
  const path = join(folder(), name);
  await writeFile(path, writeNotebook(notebook));
  return path;
}

function recorder() {
  const lines: string[] = [];
  return { lines, stream: { write: (text: string) => lines.push(text) } };
}

describe("runNotebook", () => {
  it("stores outputs in place, the same each time", async () => {
    const path = await notebookOf("plain.ipynb", [
      { code: "const n = 2;\nconsole.log(n);" },
      { code: "n * 2" },
    ]);
    const seen: string[] = [];
    await runNotebook(path, {
      onProgress: ({ done, total, label }) => seen.push(`${done}/${total} ${label}`),
    });
    const first = await readFile(path, "utf8");
    expect(seen).toEqual(["0/2 starting the kernel", "0/2 const n = 2;", "1/2 n * 2", "2/2 done"]);
    expect(parseNotebook(first, path).cells.slice(1)).toMatchObject([
      { execution_count: 1, outputs: [{ output_type: "stream", name: "stdout", text: "2\n" }] },
      { execution_count: 2, outputs: [{ output_type: "execute_result", data: { "text/plain": "4" } }] },
    ]);
    const again = await runNotebook(path);
    expect(again.differences).toEqual([]);
    expect(await readFile(path, "utf8")).toBe(first);
    expect(first.endsWith('"nbformat_minor": 5\n}\n')).toBe(true);
  });

  it("honours raises-exception", async () => {
    const path = await notebookOf("raises.ipynb", [
      { code: 'throw new Error("meant");', tags: ["raises-exception"] },
      { code: '"after"' },
    ]);
    await runNotebook(path);
    expect(parseNotebook(await readFile(path, "utf8"), path).cells.slice(1)).toMatchObject([
      { outputs: [{ output_type: "error", evalue: "meant" }] },
      { outputs: [{ data: { "text/plain": "'after'" } }] },
    ]);
  });

  const FAILURES: [name: string, cells: Source[], message: string][] = [
    [
      "throws",
      [{ code: "1" }, { code: 'throw new Error("oh");' }, { code: "3" }],
      "code cell 2 (code-2) failed:\nError: oh",
    ],
    [
      "types",
      [{ code: "const n: number = 'a';" }],
      "code cell 1 (code-1) failed:\ncell [1]:1:7 - error TS2322",
    ],
    ["exits", [{ code: "process.exit(3);" }], "code cell 1 (code-1): the kernel died (exit status 3)"],
    ["loops", [{ code: "while (true) {}" }], "code cell 1 (code-1) ran longer than 3 s"],
  ];
  it.each(FAILURES)("leaves the file alone when a cell %s", async (name, cells, message) => {
    const path = await notebookOf(`${name}.ipynb`, cells);
    const before = await readFile(path, "utf8");
    const run = runNotebook(path, name === "loops" ? { timeoutSeconds: 3 } : {});
    const error = await run.then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(plain(error?.message ?? "")).toContain(`${path}: ${message}`);
    expect(await readFile(path, "utf8")).toBe(before);
    expect((await readdir(folder())).filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });
});

describe("runNotebooks", () => {
  it("--check reports a difference and writes nothing", async () => {
    const path = await notebookOf("check.ipynb", [{ code: 'console.log("same");' }, { code: "6 * 7" }]);
    await runNotebook(path);
    const changed = (await readFile(path, "utf8")).replace('"42"', '"41"');
    await writeFile(path, changed);
    const { lines, stream } = recorder();
    expect(await runNotebooks([path], { check: true, stream })).toBe(1);
    expect(await readFile(path, "utf8")).toBe(changed);
    expect(lines.at(-1)).toBe(
      `${path}: cell [2] (code-2) differs:\n  execute_result text/plain:\n-   41\n+   42\n`,
    );
    await runNotebooks([path], { stream });
    expect(await runNotebooks([path], { check: true, stream })).toBe(0);
    expect(lines.at(-1)).toBe(`${path}: 2 code cells executed, outputs as stored\n`);
  });

  it("goes on behind a broken notebook and says 1", async () => {
    const good = await notebookOf("good.ipynb", [{ code: "1" }]);
    const bad = join(folder(), "bad.ipynb");
    await writeFile(bad, "{");
    const { lines, stream } = recorder();
    expect(await runNotebooks([bad, join(folder(), "none.ipynb"), good], { stream })).toBe(1);
    expect(lines[0]).toContain(`${bad}: not a notebook: the file is not JSON`);
    expect(lines[1]).toBe(`${join(folder(), "none.ipynb")}: no such file\n`);
    expect(lines.at(-1)).toBe(`${good}: 1 code cell executed\n`);
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { compareOutputs } from "../../kernel-lib/src/jupyter/compare-outputs.js";
import { kernelInstall } from "../../kernel-lib/src/jupyter/kernelspec.js";
import { parseNotebook } from "../../kernel-lib/src/jupyter/notebook-parse.js";
import { describeWith } from "../support/requirement.js";
import {
  chapterNotebooks,
  NOTEBOOKS,
  ROOT,
  requireBuild,
  withFolder,
  withFolderInRepository,
} from "./kernel-under-test.js";

/** The Python to test with: HOPBOOK_PYTHON, or the repository's own environment. */
const python = process.env.HOPBOOK_PYTHON ?? join(ROOT, ".venv/bin/python");

/** Why Jupyter's own client cannot be tested with it; null when it can. */
function missing(): string | null {
  if (!existsSync(python)) return `no Python at ${python} (set HOPBOOK_PYTHON)`;
  const { status } = spawnSync(python, ["-c", "import nbclient"]);
  return status === 0 ? null : `${python} has no nbclient (pip install nbclient)`;
}

const reason = missing();

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" } },
  cells: [
    code("one", 'const greeting: string = "hello";\nconsole.log(greeting);'),
    code("two", "greeting.length"),
    code("three", 'throw new Error("meant");', ["raises-exception"]),
    code(
      "four",
      '({ [Symbol.for("Jupyter.display")]: () => ({ "image/svg+xml": "<svg/>", "text/plain": "s" }) })',
    ),
  ],
};

function code(id: string, source: string, tags: string[] = []) {
  return { cell_type: "code", id, source, metadata: { tags }, outputs: [], execution_count: null };
}

const SCRIPT = `
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=60, kernel_name="hopbook", resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.argv[1])
`;

/** Python with the kernelspec of the folder, and its own programs first on the path. */
function runPython(args: readonly string[], folder: string): void {
  const PATH = [dirname(python), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH, JUPYTER_PATH: join(folder, "jupyter") };
  kernelInstall({ path: env.JUPYTER_PATH });
  execFileSync(python, args, { env, stdio: ["ignore", "ignore", "pipe"] });
}

describeWith("nbclient", { met: reason === null, reason: reason ?? "" }, () => {
  const folder = withFolder();
  const inRepository = withFolderInRepository();

  it("runs a notebook on the installed kernel", async () => {
    requireBuild();
    const path = join(folder(), "notebook.ipynb");
    await writeFile(path, JSON.stringify(NOTEBOOK));
    runPython(["-c", SCRIPT, path, folder()], folder());
    const { cells } = parseNotebook(await readFile(path, "utf8"), path);
    expect(cells).toMatchObject([
      { execution_count: 1, outputs: [{ output_type: "stream", text: "hello\n" }] },
      { execution_count: 2, outputs: [{ output_type: "execute_result", data: { "text/plain": "5" } }] },
      { execution_count: 3, outputs: [{ output_type: "error", ename: "Error", evalue: "meant" }] },
      { execution_count: 4, outputs: [{ data: { "image/svg+xml": "<svg/>", "text/plain": "s" } }] },
    ]);
  });

  it.each(chapterNotebooks())(
    "executes %s with the outputs that it holds (jupyter execute)",
    async (name) => {
      requireBuild();
      const stored = join(NOTEBOOKS, name);
      const copy = join(inRepository(), name);
      await copyFile(stored, copy);
      runPython(["-m", "jupyter", "execute", "--inplace", "--timeout=60", copy], folder());
      const [before, after] = await Promise.all(
        [stored, copy].map(async (path) => parseNotebook(await readFile(path, "utf8"), path)),
      );
      expect(compareOutputs(before!, after!)).toEqual([]);
    },
  );
});

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kernelInstall } from "../../kernel-lib/src/jupyter/kernelspec.js";
import { parseNotebook } from "../../kernel-lib/src/jupyter/notebook-parse.js";
import { ROOT, requireBuild, withFolder } from "./kernel-under-test.js";

/** The Python to test with: HOPBOOK_PYTHON, or the repository's own environment. */
function findPython(): { python: string } | { reason: string } {
  const python = process.env.HOPBOOK_PYTHON ?? join(ROOT, ".venv/bin/python");
  if (!existsSync(python)) return { reason: `no Python at ${python} (set HOPBOOK_PYTHON)` };
  const found = spawnSync(python, ["-c", "import nbclient"]);
  return found.status === 0 ? { python } : { reason: `${python} has no nbclient (pip install nbclient)` };
}

const found = findPython();
if ("reason" in found) console.warn(`Jupyter's own client is not tested: ${found.reason}`);

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

describe.skipIf("reason" in found)("nbclient", () => {
  const folder = withFolder();

  it("runs a notebook on the installed kernel", async () => {
    requireBuild();
    kernelInstall({ path: join(folder(), "jupyter") });
    const path = join(folder(), "notebook.ipynb");
    await writeFile(path, JSON.stringify(NOTEBOOK));
    const env = { ...process.env, JUPYTER_PATH: join(folder(), "jupyter") };
    const { python } = found as { python: string };
    execFileSync(python, ["-c", SCRIPT, path, folder()], { env, stdio: ["ignore", "ignore", "pipe"] });
    const { cells } = parseNotebook(await readFile(path, "utf8"), path);
    expect(cells).toMatchObject([
      { execution_count: 1, outputs: [{ output_type: "stream", text: "hello\n" }] },
      { execution_count: 2, outputs: [{ output_type: "execute_result", data: { "text/plain": "5" } }] },
      { execution_count: 3, outputs: [{ output_type: "error", ename: "Error", evalue: "meant" }] },
      { execution_count: 4, outputs: [{ data: { "image/svg+xml": "<svg/>", "text/plain": "s" } }] },
    ]);
  });
});

import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { inspect } from "node:util";
import { DISPLAY, type MimeBundle, setDisplaySink } from "../../base/display.js";
import * as hopbook from "../../index.js";
import { NotebookScope } from "../../live/cells/notebook-scope.js";
import { cellConsole } from "../../live/worker/cell-console.js";
import { CellText } from "./cell-text.js";
import { tell } from "./channel.js";
import type { RunnerInput } from "./messages.js";
import { RecordingTask } from "./recording-task.js";

/** The program that runs a submission's cells in the sandbox, one after the other, as a notebook does that goes on after an error. */
const { cells } = JSON.parse(readFileSync(0, "utf8")) as RunnerInput;
const text = new CellText();
const require = createRequire("file:///home/student/notebook.js");
const library = { ...hopbook, Task: RecordingTask };

const scope = new NotebookScope((name) => {
  if (name === "hopbook") return library;
  if (isBuiltin(name)) return moduleOf(require(name));
  throw new Error(
    `Cannot find module '${name}': an assignment's cells may import "hopbook" and Node's own modules`,
  );
});

function moduleOf(exports: Record<string, unknown>): Record<string, unknown> {
  return { ...exports, default: exports };
}

function showError(error: unknown): void {
  text.print("stderr", `${error instanceof Error ? `${error.name}: ${error.message}` : inspect(error)}\n`);
}

/** The plain form of a value that shows itself; pictures are not drawn. */
function showValue(value: unknown): void {
  if (value === undefined) return;
  const shows = value !== null && typeof value === "object" && DISPLAY in value;
  const shown = shows ? String(value) : inspect(value, { depth: 4, breakLength: 100 });
  if (shown !== "" && shown !== "[object Object]") text.print("stdout", `${shown}\n`);
}

// Behind the weaker wall other processes can be seen: no cell needs to end one.
for (const name of ["kill", "_kill", "_debugProcess", "_debugEnd"])
  Object.defineProperty(process, name, { value: refuseKill, writable: false, configurable: false });
function refuseKill(): never {
  throw new Error("an assignment's cells cannot end processes");
}

Object.assign(globalThis, { require });
Object.assign(console, cellConsole(text.print));
for (const stream of ["stdout", "stderr"] as const)
  process[stream].write = ((chunk: string | Uint8Array) => {
    text.print(stream, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    return true;
  }) as typeof process.stdout.write;
setDisplaySink((bundle: MimeBundle) => text.print("stdout", `${String(bundle["text/plain"] ?? "")}\n`));
// What nobody waits for is printed, and the cells go on.
process.on("uncaughtException", showError);
process.on("unhandledRejection", showError);

let running: number | null = null;
function endCell(ok: boolean): void {
  if (running !== null) tell({ kind: "end", index: running, ok, text: text.take() });
  running = null;
}
// A cell that waits for what never comes ends with the program, and so does one that ends the program.
process.on("exit", () => {
  text.print("stderr", "(the program ended while this cell was running)\n");
  endCell(false);
});

for (const { index, source } of cells) {
  running = index;
  tell({ kind: "begin", index });
  let ok = true;
  try {
    showValue(await scope.run(source, `cell-${index}`));
  } catch (error) {
    ok = false;
    showError(error);
  }
  endCell(ok);
}
process.exit(0);

import * as hopbook from "../../index.js";
import { thrownFailure } from "../../jupyter/cell-failure.js";
import { bundleOf } from "../../jupyter/mime.js";
import { NotebookScope } from "../cells/notebook-scope.js";
import type { FromWorker, RunRequest, ToWorker } from "../messages.js";
import { cellConsole } from "./cell-console.js";
import { CellOutput } from "./cell-output.js";
import { CellPlaces } from "./cell-places.js";
import { evalByBlob, type WorkerScope } from "./eval-by-blob.js";
import { Parts } from "./parts.js";

/** The worker of a page: the library, and the cells that run one after the other. */
const worker = globalThis as unknown as WorkerScope;

const post = (message: FromWorker): void => worker.postMessage(message);

let serial = 0;
let count = 0;

const output = new CellOutput((type, content) => post({ kind: "publish", serial, type, content }));
const places = new CellPlaces();
const scope = new NotebookScope((name) => {
  if (name === "hopbook") return hopbook as unknown as Record<string, unknown>;
  throw new Error(`Cannot find module '${name}': cells on a page may import "hopbook"`);
});

async function run(request: RunRequest): Promise<void> {
  serial = request.serial;
  count += 1;
  const ok = await runCell(request.source);
  output.flush();
  post({ kind: "done", serial: request.serial, ok, count });
}

async function runCell(source: string): Promise<boolean> {
  try {
    const value = await scope.run(source, places.open(count, source), (shifts) => places.move(count, shifts));
    const data = value === undefined ? null : await bundleOf(value);
    if (data !== null && !isBlank(data))
      output.send("execute_result", { execution_count: count, data, metadata: {} });
    return true;
  } catch (error) {
    places.shorten(error);
    output.send("error", { ...thrownFailure(error, places) });
    return false;
  }
}

/** A command that printed nothing: there is no result to show. */
function isBlank(data: Record<string, unknown>): boolean {
  return data["text/plain"] === "" && Object.keys(data).length === 1;
}

const parts = new Parts(worker, post);
Object.assign(globalThis, { hopbookPart: parts.get });
globalThis.eval = evalByBlob(worker) as typeof globalThis.eval;
Object.assign(console, cellConsole(output.print));
output.attach();
/** An error that nobody waits for is printed, and the worker lives on. */
function surviveLateErrors(type: "unhandledrejection" | "error", what: string): void {
  worker.addEventListener(type, (event) => {
    event.preventDefault();
    const error = event.reason ?? event.error;
    places.shorten(error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.print("stderr", `${what}: ${text}\n`);
    output.flush();
  });
}

surviveLateErrors("unhandledrejection", "Unhandled rejection");
surviveLateErrors("error", "Uncaught exception");

let last = Promise.resolve();
worker.onmessage = ({ data }) => {
  const asked = data as ToWorker;
  if (asked.kind === "part") parts.take(asked);
  else last = last.then(() => run(asked));
};
post({ kind: "ready" });

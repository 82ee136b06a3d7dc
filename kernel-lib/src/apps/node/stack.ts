import { inspect } from "../../base/inspect/inspect.js";
import type { FileView } from "../../host/files.js";
import { LEADING } from "./compile.js";
import type { Runtime } from "./runtime.js";

/** The stack of an error with the frames of the lab's own program: those of this library are nothing that a program of a container sees. */
export function cleanStack(error: Error, files: FileView): string {
  const stack = typeof error.stack === "string" ? error.stack : String(error);
  const at = stack.search(/\n {4}at /);
  if (at < 0) return stack;
  const frames = stack
    .slice(at + 1)
    .split("\n")
    .filter((line) => ownFrame(line, files));
  return [stack.slice(0, at), ...frames].join("\n");
}

function ownFrame(line: string, files: FileView): boolean {
  const path = /(?:\(|at |async )(\/[^():]+|\[eval\]):\d+:\d+\)?$/.exec(line)?.[1];
  return path !== undefined && (path === "[eval]" || files.exists(path)) && !line.includes(LEADING[3]);
}

/** What Node prints of an error that ends the process: the line of the source that threw, and the error. */
export function fatalReport(
  error: unknown,
  origin: "uncaughtException" | "unhandledRejection",
  runtime: Runtime,
): string {
  const { task, stackOf } = runtime;
  if (!(error instanceof Error)) {
    const shown = inspect(error, {}, stackOf);
    if (origin === "unhandledRejection")
      return `node:internal/process/promises:394\n      triggerUncaughtException(err, true /* fromPromise */);\n      ^\n\n[UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${shown}".] {\n  code: 'ERR_UNHANDLED_REJECTION'\n}`;
    return `Uncaught:\n${shown}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)`;
  }
  const text = inspect(error, {}, stackOf);
  const place = /(?:\(|at )(\/[^():]+):(\d+):(\d+)\)?/.exec(stackOf(error));
  if (place === null) return text;
  const [, path = "", line = "1", column = "1"] = place;
  const source = task.files.exists(path)
    ? (task.files.readText(path).split("\n")[Number(line) - 1] ?? "")
    : "";
  return `${path}:${line}\n${source}\n${" ".repeat(Math.max(0, Number(column) - 1))}^\n\n${text}`;
}

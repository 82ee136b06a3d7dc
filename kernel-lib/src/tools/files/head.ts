import type { Process, Program } from "../../host/process.js";
import { errnoText, ToolExit, tool } from "../tool-exit.js";
import { type Dialect, options, shortCount } from "./dialect.js";

/** How much of the front is shown; a negative count leaves that much of the end out. */
interface Extent {
  readonly unit: "lines" | "bytes";
  readonly count: number;
}

/** What a suffix of a count stands for, in bytes or lines (coreutils' xstrtoumax). */
const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  K: 1024,
  k: 1024,
  KiB: 1024,
  kB: 1000,
  M: 1024 ** 2,
  m: 1024 ** 2,
  MiB: 1024 ** 2,
  MB: 1000 ** 2,
};

/** Largest part that is read of a file without an end (`/dev/zero`): a lab's files live in memory. */
const LIMIT = 64 * 1024 ** 2;

const LONG = { lines: "n", bytes: "c", quiet: "q", silent: "q", verbose: "v" };

/** `head [-n LINES | -c BYTES] [-qv] [FILE…]`: the first ten lines, or so many lines or bytes, of each file or of standard input. */
export function head(dialect: Dialect): Program {
  return tool((process) => {
    const { has, value, operands } = options(
      process,
      "head",
      "n:c:qv",
      dialect,
      LONG,
      1,
      shortCount(process.argv),
    );
    const extent = readExtent(value("n"), value("c"), dialect);
    const named = (operands.length > 1 && !has("q")) || has("v");
    let status = 0;
    let shown = false;
    for (const path of operands.length === 0 ? ["-"] : operands) {
      const title = () => {
        if (!named) return;
        process.stdout.write(`${shown ? "\n" : ""}==> ${path === "-" ? "standard input" : path} <==\n`);
        shown = true;
      };
      try {
        const text = path === "-" ? process.stdin : readFront(process, path, extent);
        title();
        process.stdout.write(front(text, extent));
      } catch (error) {
        const why = errnoText(error);
        // A directory can be opened, so that its title stands already when reading fails.
        if (why === "Is a directory") title();
        process.stderr.write(`head: ${complaint(dialect, path, why)}\n`);
        status = 1;
      }
    }
    return status;
  });
}

function complaint(dialect: Dialect, path: string, why: string): string {
  // busybox takes any failed read for a broken disk.
  if (dialect === "busybox") return `${path}: ${why === "Is a directory" ? "Input/output error" : why}`;
  return why === "Is a directory"
    ? `error reading '${path}': ${why}`
    : `cannot open '${path}' for reading: ${why}`;
}

function readFront(process: Process, path: string, { unit, count }: Extent): string {
  const bytes = process.files.readFront(path, unit === "bytes" && count >= 0 ? count : LIMIT);
  return new TextDecoder().decode(bytes);
}

function readExtent(lines: string | undefined, bytes: string | undefined, dialect: Dialect): Extent {
  const unit = bytes === undefined ? "lines" : "bytes";
  const text = bytes ?? lines ?? "10";
  const [, sign = "", digits = "", suffix = ""] = /^([-+]?)(\d+)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  if (digits === "" || factor === undefined)
    throw new ToolExit(
      1,
      dialect === "busybox"
        ? `head: invalid number '${text}'\n`
        : `head: invalid number of ${unit}: ‘${text}’\n`,
    );
  return { unit, count: Number(digits) * factor * (sign === "-" ? -1 : 1) };
}

function front(text: string, { unit, count }: Extent): string {
  // `slice` counts a negative end from the back; minus zero leaves nothing out.
  const end = Object.is(count, -0) ? undefined : count;
  if (unit === "bytes") {
    const bytes = new TextEncoder().encode(text);
    return bytes.length === text.length ? text.slice(0, end) : new TextDecoder().decode(bytes.slice(0, end));
  }
  return text
    .split(/(?<=\n)/)
    .slice(0, end)
    .join("");
}

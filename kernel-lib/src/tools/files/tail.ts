import { ms } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { errnoText, steppedTool, ToolExit } from "../tool-exit.js";
import { type Dialect, options, shortCount } from "./dialect.js";

/** `tail -f` looks again this often (its sleep interval is 1 s; inotify makes it quicker). */
const LOOK_AGAIN = ms(100);

/** A file that is followed: null while it is not there (`-F`). */
interface Followed {
  readonly path: string;
  seen: number | null;
}

/** How much of the end is shown: lines or bytes, from the end or (with `+`) from the start. */
interface Extent {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  readonly fromStart: boolean;
}

/** `tail [-n LINES | -c BYTES] [-f | -F] [FILE…]`. A followed file ends by a signal only. */
export function tail(dialect: Dialect): Program {
  return steppedTool(function* (process): Steps {
    const long = { follow: "f", lines: "n", bytes: "c", quiet: "q", silent: "q" };
    const words = shortCount(process.argv);
    const { has, value, operands } = options(process, "tail", "n:c:fFq", dialect, long, 1, words);
    const extent = readExtent(value("n"), value("c"));
    const output = new Blocks(process, operands.length > 1 && !has("q"));
    const followed: Followed[] = [];
    let status = 0;
    for (const path of operands) {
      try {
        const text = process.files.readText(path);
        output.write(path, end(text, extent));
        followed.push({ path, seen: text.length });
      } catch (error) {
        process.stderr.write(
          dialect === "busybox"
            ? `tail: can't open '${path}': ${errnoText(error)}\n`
            : `tail: cannot open '${path}' for reading: ${errnoText(error)}\n`,
        );
        status = 1;
        if (has("F")) followed.push({ path, seen: null });
      }
    }
    if (operands.length === 0) process.stdout.write(end(process.stdin, extent));
    if (!(has("f") || has("F")) || operands.length === 0) return status;
    if (followed.length === 0) {
      process.stderr.write(dialect === "busybox" ? "tail: no files\n" : "tail: no files remaining\n");
      return 1;
    }
    return yield* follow(process, followed, output, has("F"));
  });
}

/** What is shown, file by file: with several, each block has the file's name above it. */
class Blocks {
  private last: string | null = null;

  constructor(
    private readonly process: Process,
    private readonly named: boolean,
  ) {}

  write(path: string, text: string): void {
    const { stdout } = this.process;
    if (this.named && path !== this.last) stdout.write(`${this.last === null ? "" : "\n"}==> ${path} <==\n`);
    this.last = path;
    stdout.write(text);
  }
}

function* follow(process: Process, followed: readonly Followed[], output: Blocks, retry: boolean): Steps {
  const { kernelLog, world } = process.host;
  for (;;) {
    for (const file of followed) look(process, file, output, retry);
    yield { kind: "outsider", queues: [kernelLog.added], deadline: world.scheduler.now + LOOK_AGAIN };
  }
}

/** Shows what a followed file has more; says when it shrinks, goes or comes. */
function look(process: Process, file: Followed, output: Blocks, retry: boolean): void {
  const { path, seen } = file;
  if (!process.files.exists(path)) {
    if (!retry || seen === null) return;
    process.stderr.write(`tail: '${path}' has become inaccessible: No such file or directory\n`);
    file.seen = null;
    return;
  }
  const text = process.files.readText(path);
  if (seen === null) process.stderr.write(`tail: '${path}' has appeared;  following new file\n`);
  else if (text.length < seen) process.stderr.write(`tail: ${path}: file truncated\n`);
  const from = seen === null || text.length < seen ? 0 : seen;
  if (text.length > from) output.write(path, text.slice(from));
  file.seen = text.length;
}

function readExtent(lines: string | undefined, bytes: string | undefined): Extent {
  const unit = bytes === undefined ? "lines" : "bytes";
  const text = bytes ?? lines ?? "10";
  if (!/^[-+]?\d+$/.test(text)) throw new ToolExit(1, `tail: invalid number of ${unit}: ‘${text}’\n`);
  return { unit, count: Math.abs(Number(text)), fromStart: text.startsWith("+") };
}

function end(text: string, { unit, count, fromStart }: Extent): string {
  if (unit === "bytes")
    return fromStart ? text.slice(Math.max(0, count - 1)) : count === 0 ? "" : text.slice(-count);
  const lines = text.split(/(?<=\n)/);
  if (fromStart) return lines.slice(Math.max(0, count - 1)).join("");
  return count === 0 || text === "" ? "" : lines.slice(-count).join("");
}

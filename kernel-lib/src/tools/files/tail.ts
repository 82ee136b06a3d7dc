import { ms } from "../../base/units.js";
import type { Process, Program, Steps } from "../../host/process.js";
import { errnoText, steppedTool } from "../tool-exit.js";
import { type Dialect, options } from "./dialect.js";

/** `tail -f` looks again this often (sleep interval between inotify-less checks, shortened). */
const LOOK_AGAIN = ms(100);

/** `tail [-n LINES] [-f] [FILE…]`. A followed file ends by a signal only. */
export function tail(dialect: Dialect): Program {
  return steppedTool(function* (process): Steps {
    const { has, value, operands } = options(
      process,
      "tail",
      "n:fFq",
      dialect,
      { follow: "f", lines: "n" },
      1,
      shortCount(process.argv),
    );
    const lines = value("n") ?? "10";
    let status = 0;
    const followed: { path: string; seen: number }[] = [];
    for (const [i, path] of operands.entries()) {
      try {
        const text = process.files.readText(path);
        if (operands.length > 1 && !has("q")) process.stdout.write(`${i > 0 ? "\n" : ""}==> ${path} <==\n`);
        process.stdout.write(lastLines(text, lines));
        followed.push({ path, seen: text.length });
      } catch (error) {
        process.stderr.write(
          dialect === "busybox"
            ? `tail: can't open '${path}': ${errnoText(error)}\n`
            : `tail: cannot open '${path}' for reading: ${errnoText(error)}\n`,
        );
        status = 1;
      }
    }
    if (operands.length === 0) process.stdout.write(lastLines(process.stdin, lines));
    if (!(has("f") || has("F")) || operands.length === 0) return status;
    if (followed.length === 0) {
      process.stderr.write(dialect === "busybox" ? "tail: no files\n" : "tail: no files remaining\n");
      return 1;
    }
    return yield* follow(process, followed);
  });
}

function* follow(process: Process, followed: { path: string; seen: number }[]): Steps {
  const { kernelLog, world } = process.host;
  for (;;) {
    for (const file of followed) {
      if (!process.files.exists(file.path)) continue;
      const text = process.files.readText(file.path);
      if (text.length > file.seen) process.stdout.write(text.slice(file.seen));
      file.seen = text.length;
    }
    yield { kind: "outsider", queues: [kernelLog.added], deadline: world.scheduler.now + LOOK_AGAIN };
  }
}

function lastLines(text: string, count: string): string {
  const lines = text.split(/(?<=\n)/);
  if (count.startsWith("+")) return lines.slice(Math.max(0, Number(count.slice(1)) - 1)).join("");
  const wanted = Math.abs(Number(count));
  return wanted === 0 || text === "" ? "" : lines.slice(-wanted).join("");
}

/** `-5` is the old form of `-n 5`. */
function shortCount(argv: readonly string[]): readonly string[] {
  return argv.slice(1).map((word) => word.replace(/^-(\d+)$/, "-n$1"));
}

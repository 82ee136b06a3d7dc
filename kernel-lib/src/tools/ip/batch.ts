import type { Process, Steps } from "../../host/process.js";
import { ToolExit } from "../tool-exit.js";

/** Status of `ip` for a request that the kernel refused. */
const REFUSED = 2;

/** Whether the kernel has refused a netlink request, whatever status the tool gives it: in a batch that ends the line, other complaints end the program (they call exit). */
const isRefusal = ({ text }: ToolExit): boolean => /^(?:Error: .*\n)?RTNETLINK answers: /.test(text);

/**
 * `-batch FILE` of iproute2 (do_batch): each line is the words of one command; `#` begins a comment, a backslash at the end goes on in the next line. `-` is
 * standard input. The first line that fails ends it, unless `force`.
 */
export function* runBatch(
  process: Process,
  file: string,
  force: boolean,
  run: (words: readonly string[]) => number | Steps<number>,
): Steps<number> {
  let status = 0;
  for (const [number, words] of lines(textOf(process, file))) {
    const failed = (yield* runLine(process, () => run(words))) !== 0;
    if (!failed) continue;
    process.stderr.write(`Command failed ${file}:${number}\n`);
    status = 1;
    if (!force) break;
  }
  return status;
}

function* runLine(process: Process, run: () => number | Steps<number>): Steps<number> {
  try {
    const result = run();
    return typeof result === "number" ? result : yield* result;
  } catch (error) {
    if (!(error instanceof ToolExit) || (error.status !== REFUSED && !isRefusal(error))) throw error;
    process.stdout.write(error.output);
    process.stderr.write(error.text);
    return error.status;
  }
}

function textOf(process: Process, file: string): string {
  if (file === "-") return process.stdin;
  if (process.files.exists(file)) return process.files.readText(file);
  throw new ToolExit(1, `Cannot open file "${file}" for reading: No such file or directory\n`);
}

/** The lines with words in them, and where each ends (getcmdline, makeargs). */
function* lines(text: string): Generator<[number: number, words: readonly string[]]> {
  let pending = "";
  for (const [i, line] of text.split("\n").entries()) {
    const bare = line.replace(/#.*$/, "");
    if (bare.endsWith("\\")) {
      pending += bare.slice(0, -1);
      continue;
    }
    const words = wordsOf(pending + bare);
    pending = "";
    if (words.length > 0) yield [i + 1, words];
  }
}

/** Blanks part words; quotes hold a word together. */
function wordsOf(line: string): readonly string[] {
  // Most lines have no quotes; a swarm's batches have thousands of them.
  if (!/["']/.test(line)) return line.split(/\s+/).filter((word) => word !== "");
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

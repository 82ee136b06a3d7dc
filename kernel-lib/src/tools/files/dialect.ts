import type { Process } from "../../host/process.js";
import { getopt, optionComplaint } from "../options.js";
import { ToolExit } from "../tool-exit.js";

/** GNU coreutils on machines, busybox in small images: the same commands with other words. */
export type Dialect = "coreutils" | "busybox";

/** Reads options, or ends the command as getopt and the tool do. */
export function options(
  process: Process,
  tool: string,
  letters: string,
  dialect: Dialect,
  long: Readonly<Record<string, string>> = {},
  status = 1,
  words: readonly string[] = process.argv.slice(1),
) {
  const read = getopt(words, letters, long);
  if ("error" in read) {
    const hint = dialect === "busybox" ? "" : `Try '${tool} --help' for more information.\n`;
    throw new ToolExit(status, `${optionComplaint(tool, read)}${hint}`);
  }
  return {
    has: (letter: string) => read.options.some(([name]) => name === letter),
    value: (letter: string) => read.options.findLast(([name]) => name === letter)?.[1],
    operands: read.operands,
  };
}

/** Ends a command that was given no file. */
export function missingOperand(tool: string, dialect: Dialect, what = "operand"): ToolExit {
  if (dialect === "busybox")
    return new ToolExit(1, `BusyBox v1.36.1 multi-call binary.\n\nUsage: ${tool} [OPTIONS] FILE...\n`);
  return new ToolExit(1, `${tool}: missing ${what}\nTry '${tool} --help' for more information.\n`);
}

/** The words after a command's name; `-5` as the first of them is the old form of `-n 5`. */
export function shortCount(argv: readonly string[]): readonly string[] {
  const [first = "", ...rest] = argv.slice(1);
  return argv.length < 2 ? [] : [first.replace(/^-(\d+)$/, "-n$1"), ...rest];
}

import { ERRNO_TEXT, KernelError } from "../../base/errno.js";
import type { Process, Program } from "../../host/process.js";
import { GetoptLong } from "../../netfilter/getopt-long.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import { ToolExit, tool } from "../tool-exit.js";
import { getoptComplaint } from "./getopt-complaint.js";
import { versionText } from "./release.js";
import { ctime, saveTable } from "./save.js";

const PROGRAM = "iptables-save";
const LONG = (
  [
    ["counters", 0, "c"],
    ["version", 0, "V"],
    ["dump", 0, "d"],
    ["table", 1, "t"],
    ["modprobe", 1, "M"],
    ["file", 1, "f"],
  ] as const
).map(([name, value, token]) => ({ name, value, token }));

/** `iptables-save [-c] [-t TABLE] [-f FILE] [-M COMMAND]`: the tables in use, the newest first. */
export const iptablesSave: Program = tool((process) => {
  const words = new GetoptLong<string>(process.argv.slice(1), "bcdt:M:f:V");
  const operands: string[] = [];
  let counters = false;
  let table: string | null = null;
  let file: string | null = null;
  for (;;) {
    const found = words.next(LONG);
    if (found === null) break;
    if (found.kind === "missing" || found.kind === "unknown") {
      const hint = "Look at manual page `iptables-save.8' for more information.\n";
      throw new ToolExit(1, getoptComplaint(PROGRAM, words.previous, found) + hint);
    }
    if (found.kind === "word") {
      operands.push(found.word);
      continue;
    }
    const letter = found.kind === "letter" ? found.letter : found.option.token;
    if (letter === "V") throw new ToolExit(0, "", `${PROGRAM} ${versionText(process)}\n`);
    if (letter === "b") process.stderr.write("-b/--binary option is not implemented\n");
    if (letter === "c") counters = true;
    if (letter === "t") table = found.value;
    if (letter === "f") file = opened(process, found.value!);
    if (letter === "d") throw new ToolExit(0, "", tablesText(process, table, counters));
  }
  if (operands.length > 0 || words.hasOperands)
    throw new ToolExit(1, "Unknown arguments found on commandline\n");
  const text = tablesText(process, table, counters);
  if (file === null) process.stdout.write(text);
  else process.files.write(file, text);
  return 0;
});

/** Makes the file that the tables go to, as soon as it is named. */
function opened(process: Process, path: string): string {
  try {
    process.files.write(path, "");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(1, `Failed to open file, error: ${ERRNO_TEXT[error.errno]}\n`);
  }
  return path;
}

function tablesText(process: Process, wanted: string | null, counters: boolean): string {
  if (wanted !== null && tableSpec(wanted) === null)
    throw new ToolExit(
      1,
      `${PROGRAM} ${versionText(process)}: Cannot initialize: Table does not exist (do you need to insmod?)\n`,
    );
  const { netfilter } = process.netns;
  const tables = wanted === null ? netfilter.tables : [netfilter.table(wanted as TableName)];
  const date = ctime(process.host.unixTime());
  return tables.map((table) => saveTable(table, process.host.iptablesRelease, date, counters)).join("");
}

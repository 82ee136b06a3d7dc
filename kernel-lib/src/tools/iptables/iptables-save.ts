import type { Program } from "../../host/process.js";
import { type TableName, tableSpec } from "../../netfilter/tables.js";
import { getopt, optionComplaint } from "../options.js";
import { ToolExit, tool } from "../tool-exit.js";
import { ctime, saveTable } from "./save.js";

/** `iptables-save [-c] [-t TABLE]`: the tables in use, the newest first. */
export const iptablesSave: Program = tool((process) => {
  const read = getopt(process.argv.slice(1), "bcdt:M:f:V", {
    counters: "c",
    table: "t",
    dump: "d",
    version: "V",
  });
  if ("error" in read)
    throw new ToolExit(
      1,
      `${optionComplaint("iptables-save", read)}Look at manual page \`iptables-save.8' for more information.\n`,
    );
  if (read.operands.length > 0) throw new ToolExit(1, "Unknown arguments found on commandline\n");
  const has = (letter: string) => read.options.some(([name]) => name === letter);
  if (has("V")) {
    process.stdout.write("iptables-save v1.8.9 (legacy)\n");
    return 0;
  }
  for (const letter of ["f", "M"])
    if (has(letter)) throw new ToolExit(2, `iptables-save: -${letter} is not supported here\n`);
  const { netfilter } = process.netns;
  const wanted = read.options.find(([name]) => name === "t")?.[1];
  if (wanted !== undefined && tableSpec(wanted) === null)
    throw new ToolExit(
      1,
      "iptables-save v1.8.9 (legacy): Cannot initialize: Table does not exist (do you need to insmod?)\n\n",
    );
  const tables = wanted === undefined ? netfilter.tables : [netfilter.table(wanted as TableName)];
  const date = ctime(process.host.unixTime());
  process.stdout.write(tables.map((table) => saveTable(table, date, has("c"))).join(""));
  return 0;
});

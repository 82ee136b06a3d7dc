import { commandName, stateLetter } from "../../host/fs/proc-pid.js";
import type { Process, Program } from "../../host/process.js";
import type { Task } from "../../host/task.js";
import type { Dialect } from "../files/dialect.js";
import { ToolExit, tool } from "../tool-exit.js";

/** A process with its number in the viewer's PID namespace. */
interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly process: Process;
}

function rows(viewer: Process): Row[] {
  const { pids } = viewer as Task;
  return [...pids.members].map(([pid, process]) => ({
    pid,
    process,
    parent: process.parent === null ? 0 : (pids.numberOf(process.parent) ?? 0),
  }));
}

/** `ps`, `ps -ef`, `ps aux` (procps), or busybox's one form. Memory and CPU time are not modelled and show as 0. */
export function ps(dialect: Dialect): Program {
  return tool((process) => {
    const all = rows(process);
    const words = process.argv.slice(1).join("").replaceAll("-", "");
    if (dialect === "busybox")
      return print(process, [
        "PID   USER     TIME  COMMAND",
        ...all.map((each) => `${String(each.pid).padStart(5)} root      0:00 ${commandLine(each.process)}`),
      ]);
    if (/^(ef|eF|fe|A|e)$/.test(words)) return print(process, words.includes("f") ? full(all) : brief(all));
    if (/^(aux|auxw+|ax)$/.test(words)) return print(process, words === "ax" ? brief(all) : user(all));
    if (words !== "")
      throw new ToolExit(1, `ps: these options are not supported here: ${process.argv.slice(1).join(" ")}\n`);
    return print(
      process,
      brief(all.filter((each) => each.process === process || each.process === process.parent)),
    );
  });
}

function print(process: Process, lines: readonly string[]): number {
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

function commandLine(process: Process): string {
  return process.argv.join(" ");
}

function clock(process: Process): string {
  return new Date(process.host.unixTime(process.startedAt) * 1000).toISOString().slice(11, 16);
}

function terminal(process: Process): string {
  return process.tty ? "pts/0" : "?";
}

function brief(all: readonly Row[]): string[] {
  return [
    "    PID TTY          TIME CMD",
    ...all.map(
      (each) =>
        `${String(each.pid).padStart(7)} ${terminal(each.process).padEnd(8)} 00:00:00 ${commandName(each.process)}`,
    ),
  ];
}

function full(all: readonly Row[]): string[] {
  const line = (each: Row) =>
    `root     ${String(each.pid).padStart(7)} ${String(each.parent).padStart(7)}  0 ${clock(each.process)} ${terminal(each.process).padEnd(8)} 00:00:00 ${commandLine(each.process)}`;
  return ["UID          PID    PPID  C STIME TTY          TIME CMD", ...all.map(line)];
}

function user(all: readonly Row[]): string[] {
  const line = (each: Row) =>
    `root     ${String(each.pid).padStart(7)}  0.0  0.0      0     0 ${terminal(each.process).padEnd(8)} ${`${stateLetter(each.process)}s`.slice(0, stateLetter(each.process) === "R" ? 1 : 2).padEnd(4)} ${clock(each.process)}   0:00 ${commandLine(each.process)}`;
  return ["USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND", ...all.map(line)];
}

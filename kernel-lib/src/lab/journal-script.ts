import { assertNever } from "../base/assert.js";
import { commandLine } from "../base/command-line.js";
import type { JournalEntry } from "./journal.js";

/** The machine on which an entry's command runs; null for what happens to the lab as a whole. */
export function entryMachine(entry: JournalEntry): string | null {
  return "machine" in entry ? entry.machine : null;
}

/** An entry as bash: the command itself, or a remark where a real machine has no such command. */
export function entryCommand(entry: JournalEntry): string {
  switch (entry.kind) {
    case "exec":
    case "probe":
      return commandLine(entry.argv);
    case "sh":
      return entry.line.trim();
    case "start":
      return `${commandLine(entry.argv)} &`;
    case "stop":
      return `kill -INT %${entry.job + 1}`;
    case "wait":
      return `sleep ${entry.duration / 1e9}`;
    default:
      return "";
  }
}

/** What stands above the command: where it runs, or all that there is to say. */
function entryRemark(entry: JournalEntry): string {
  switch (entry.kind) {
    case "exec":
    case "sh":
      return `# on ${entry.machine}`;
    case "start":
      return `# on ${entry.machine}, job ${entry.job}`;
    case "stop":
      return `# end job ${entry.job}`;
    case "wait":
      return "";
    case "probe":
      return `# a check, on ${entry.machine}`;
    case "answer":
      return `# answer to ${entry.question}: ${JSON.stringify(entry.value)}`;
    case "hint":
      return `# hint ${entry.number} was read`;
    case "cable":
      return `# cable ${entry.cable}${entry.from === undefined ? "" : ` from ${entry.from}`}: ${JSON.stringify(entry.figures)}`;
    case "fault":
      return `# on ${entry.machine}: fault "${entry.fault}" of ${entry.device} ${entry.on ? "begins" : "ends"}`;
    case "load":
      return `# on ${entry.machine}${entry.container === undefined ? "" : `, in ${entry.container}`}, load ${entry.load}: ${JSON.stringify(entry.options)}`;
    case "load-end":
      return `# wait for the end of load ${entry.load}`;
    case "service-time":
      return `# a request costs ${entry.container} ${JSON.stringify(entry.time)}`;
    case "processors":
      return `# ${entry.machine} has ${entry.count} processor${entry.count === 1 ? "" : "s"}`;
    case "socket":
      return `# on ${entry.machine}${entry.container === undefined ? "" : `, in ${entry.container}`}, WebSocket ${entry.socket} to ${entry.url}`;
    case "socket-send":
      return `# over WebSocket ${entry.socket}: ${entry.text}`;
    case "socket-close":
      return `# end WebSocket ${entry.socket}`;
    default:
      return assertNever(entry);
  }
}

/** The commands as bash, each under the name of its machine: on real machines, run the lines of one machine there. */
export function journalScript(entries: readonly JournalEntry[]): string {
  const lines = entries.flatMap((entry) => [entryRemark(entry), entryCommand(entry)]);
  return lines
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * The journal as one script for real Linux machines with Docker: started with a machine's name it runs that machine's commands and no others. Without one it
 * lists the machines.
 */
export function machineScript(entries: readonly JournalEntry[], title: string): string {
  const startedOn = new Map(
    entries.flatMap((entry) => (entry.kind === "start" ? [[entry.job, entry.machine] as const] : [])),
  );
  const machines = [...new Set(entries.flatMap((entry) => entryMachine(entry) ?? []))];
  const blocks = entries.map((entry) => {
    const command = realCommand(entry);
    if (command === "") return `${entryRemark(entry)}\n`;
    const machine = entry.kind === "stop" ? (startedOn.get(entry.job) ?? null) : entryMachine(entry);
    return machine === null ? `${command}\n` : `if on ${machine}; then\n${command}\nfi\n`;
  });
  return `#!/usr/bin/env bash
# ${title.replace(/\s+/g, " ")}
# The commands that the chapter gave, for real Linux machines with Docker, in their order.
# On each of them, as root: bash THIS-FILE MACHINE. Machines: ${machines.join(", ")}.
# The commands change the network of the machine that they run on: use machines that may break.
machine=${"$"}{1:?"say which machine this is: ${machines.join(", ")}"}
on() { [ "$machine" = "$1" ]; }

${blocks.join("")}`;
}

/** In a script jobs go by the numbers of their processes: there is no job control. */
function realCommand(entry: JournalEntry): string {
  const command = entryCommand(entry);
  if (entry.kind === "start") return `${command}\njob${entry.job}=$!`;
  return entry.kind === "stop" ? `kill -INT "$job${entry.job}"` : command;
}

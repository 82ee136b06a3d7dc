import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

/** One command of a recording: what the real tools printed on both streams, and the exit status. */
export interface Recorded {
  readonly command: string;
  readonly printed: string;
  readonly status: number;
}

/** Reads a file of test/oracle in which each command stands behind `###` and its status in `[rc=N]` or `rc=N` behind its output. */
export function recordedDialogue(path: string): readonly Recorded[] {
  const text = readFileSync(fileURLToPath(new URL(`../oracle/${path}`, import.meta.url)), "utf8");
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const at = block.indexOf("\n");
      const match = /^([\s\S]*?)\[?rc=(\d+)\]?\s*$/.exec(block.slice(at + 1))!;
      return { command: block.slice(0, at), printed: match[1]!, status: Number(match[2]) };
    });
}

/** Runs a recorded command on a machine of the lab; gives what it printed on both streams, in the order of writing. */
export async function replayed(machine: Machine, command: string): Promise<Omit<Recorded, "command">> {
  const { stdout, status } = await machine.script(`${command} 2>&1`);
  return { printed: stdout, status };
}

/** Takes off what differs between any two runs: ids, pids, times, the order of sockets, of ports and of the two streams, blanks that follow from their widths. */
export function steadyText(command: string, text: string): string {
  const plain = text
    .replace(/\b[0-9a-f]{64}\b/g, "<id>")
    .replace(/pid=\d+/g, "pid=<pid>")
    .replace(/ +$/gm, "");
  if (/^docker ps( -a)?$/.test(command)) return plain.split("\n").map(portsAndName).join("\n");
  if (/^iptables-save/.test(command))
    return plain
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.replace(/^(:\S+) \S+ .*/, "$1"))
      .join("\n");
  const unordered = /^ss |^docker (port \S+|r(un|m) .*)$/.test(command);
  return unordered ? plain.replace(/ +/g, " ").split("\n").sort().join("\n") : plain;
}

/** A row of `docker ps` without the columns that tell of time. */
function portsAndName(row: string): string {
  return row.split(/ {2,}/).slice(5).join("  ");
}

import { Lab } from "hopbook";
import { ShellLines } from "../../kernel-lib/src/cli/shell-lines.js";
import { normalise } from "../support/normalise.js";

/** A line of a seed and what it printed. */
export interface Ran {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs lines in one lab's terminal; `client# COMMAND` goes to that machine. Placeholders of the seed are filled from what the lab said before. */
export async function play(
  lines: readonly string[],
  fill: (line: string, shell: ShellLines) => Promise<string> = async (line) => line,
  before: readonly string[] = [],
): Promise<Ran[]> {
  const shell = new ShellLines(Lab.preset("single", { docker: "20.10", seed: 7 }) as unknown as Lab, {
    interactive: false,
  });
  await shell.open();
  for (const line of before) await shell.run(line);
  const ran: Ran[] = [];
  for (const template of lines) {
    const line = await fill(template, shell);
    ran.push({ line, ...(await shell.run(shell.switchMachine(line))) });
  }
  return ran;
}

/** The nth command that begins so. */
export const outputOf = (ran: readonly Ran[], start: string, nth = 0) => {
  const found = ran.filter(({ line }) => line.startsWith(start))[nth];
  if (found === undefined) throw new Error(`the section has no command "${start}" number ${nth + 1}`);
  return found;
};

/** Times, ports, sequence numbers and everything made from them: what no two runs share. */
export function withoutChance(text: string): string {
  return normalise(text)
    .replace(/^\d\d:\d\d:\d\d\.\d{6}/gm, "TIME")
    .replace(/\b172\.17\.0\.2\.\d{4,5}\b/g, "172.17.0.2.PORT")
    .replace(/seq \d+:\d+, ack \d+/g, "seq S:S, ack A")
    .replace(/TS val \d+ ecr \d+/g, "TS val V ecr E");
}

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import { printTranscript, readTranscript, type Transcript, type TranscriptStep } from "./transcript.js";

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".txt"));

/** Types the commands in a new lab, as `hopbook shell` does, and gives what they print, with `[status]` after a failure. */
async function replay({ preset, docker, seed, head, steps }: Transcript): Promise<Transcript> {
  const lab = Lab.preset(preset as "single", { docker: docker as "20.10", seed });
  let machine = lab.machineList[0]!;
  const replayed: TranscriptStep[] = [];
  for (const step of steps) {
    machine = lab.machineList.find(({ name }) => name === step.machine) ?? machine;
    const shell = machine.shell({ terminal: true, interactive: true });
    const { status } = await machine.script(step.command);
    const output = shell.takeScreen();
    const ended = output === "" || output.endsWith("\n") ? output : `${output}\n`;
    replayed.push({ ...step, output: status === 0 ? ended : `${ended}[${status}]\n` });
  }
  return { preset, docker, seed, head, steps: replayed };
}

describe("transcripts", () => {
  for (const name of files) {
    test(name, async () => {
      const path = new URL(name, folder);
      const text = readFileSync(path, "utf8");
      const now = printTranscript(await replay(readTranscript(text)));
      if (process.env.UPDATE_TRANSCRIPTS === "1") writeFileSync(path, now);
      else expect(now).toBe(text);
    });
  }
});

/** A transcript: commands behind a prompt (`$ ` or `machine$ `, further lines behind `> `), and what they print. */
export interface TranscriptStep {
  /** Null: the machine that had the last command. */
  readonly machine: string | null;
  readonly command: string;
  readonly output: string;
}

export interface Transcript {
  readonly preset: string;
  readonly docker: string;
  readonly seed: number;
  /** Comment lines above the first command, kept when the file is refreshed. */
  readonly head: readonly string[];
  readonly steps: readonly TranscriptStep[];
}

/** Reads a file. Its comments may hold `# preset single, docker 20.10, seed 7`. */
export function readTranscript(text: string): Transcript {
  const lines = text.replace(/\n$/, "").split("\n");
  const first = lines.findIndex((line) => PROMPT.test(line));
  const head = lines.slice(0, first);
  const [, preset = "single", docker = "20.10", seed = "1"] =
    /^# preset (\S+), docker (\S+), seed (\d+)$/m.exec(head.join("\n")) ?? [];
  const steps: { machine: string | null; command: string; output: string }[] = [];
  let inCommand = false;
  for (const line of lines.slice(first)) {
    const prompt = PROMPT.exec(line);
    if (prompt !== null) steps.push({ machine: prompt[1] ?? null, command: prompt[2]!, output: "" });
    else if (inCommand && line.startsWith("> ")) steps.at(-1)!.command += `\n${line.slice(2)}`;
    else steps.at(-1)!.output += `${line}\n`;
    inCommand = prompt !== null || (inCommand && line.startsWith("> "));
  }
  return { preset, docker, seed: Number(seed), head, steps };
}

const PROMPT = /^([a-z][\w-]*)?\$ (.*)$/;

export function printTranscript({ head, steps }: Transcript): string {
  const shown = steps.map(
    ({ machine, command, output }) => `${machine ?? ""}$ ${command.replaceAll("\n", "\n> ")}\n${output}`,
  );
  return [...head.map((line) => `${line}\n`), ...shown].join("");
}

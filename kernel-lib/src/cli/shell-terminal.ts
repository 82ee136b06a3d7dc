import { createInterface, type Interface } from "node:readline/promises";
import type { ShellLines } from "./shell-lines.js";

/** Reads lines from the terminal until `exit` or Ctrl-D; gives the last status. */
export async function runTerminal(lines: ShellLines): Promise<number> {
  await lines.open();
  console.log(
    `A lab of ${lines.lab.machineList.map((machine) => machine.name).join(", ")}. "client# COMMAND" goes to another machine; exit or Ctrl-D ends.`,
  );
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    completer: (line: string) => complete(lines, line),
    historySize: 1000,
  });
  try {
    for (;;) {
      const text = await readCommand(reader, lines);
      if (text === null) break;
      await lines.run(text);
      process.stdout.write(lines.session.takeScreen());
      if (lines.closed) break;
    }
  } finally {
    reader.close();
  }
  await show(lines.end());
  return lines.status;
}

async function show(result: Promise<{ readonly stdout: string; readonly stderr: string }>): Promise<void> {
  const { stdout, stderr } = await result;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

/** One whole command, over as many lines as it needs. Null at the end of input; an empty text after Ctrl-C. */
async function readCommand(reader: Interface, lines: ShellLines): Promise<string | null> {
  let text = "";
  for (;;) {
    const line = await readLine(reader, text === "" ? lines.prompt : "> ");
    if (line === null) return null;
    if (line === INTERRUPTED) return "";
    text = text === "" ? lines.switchMachine(line) : `${text}\n${line}`;
    if (!lines.isIncomplete(text)) return text;
  }
}

const INTERRUPTED = Symbol("interrupted");

function readLine(reader: Interface, prompt: string): Promise<string | null | typeof INTERRUPTED> {
  const abort = new AbortController();
  return new Promise((resolve) => {
    const interrupt = () => {
      abort.abort();
      process.stdout.write("^C\n");
      resolve(INTERRUPTED);
    };
    const close = () => resolve(null);
    reader.once("SIGINT", interrupt).once("close", close);
    reader
      .question(prompt, { signal: abort.signal })
      .then(resolve, () => undefined)
      .finally(() => reader.off("SIGINT", interrupt).off("close", close));
  });
}

/** Completes the first word from the machine's commands, later ones from its files. */
function complete(lines: ShellLines, line: string): [string[], string] {
  const { host } = lines.machine;
  const word = /\S*$/.exec(line)?.[0] ?? "";
  const first = line.trimStart() === word;
  if (first) return [[...host.programs.keys()].filter((name) => name.startsWith(word)).sort(), word];
  const folder = word.replace(/[^/]*$/, "");
  const from = folder === "" ? lines.session.process.cwd : folder;
  try {
    return [
      host.files
        .readdir(from)
        .map((name) => folder + name)
        .filter((path) => path.startsWith(word)),
      word,
    ];
  } catch {
    return [[], word];
  }
}

import { ms } from "../base/units.js";
import { Keyboard } from "./keyboard.js";
import type { ShellLines } from "./shell-lines.js";

/** Wall-clock time between two looks at a command that has the terminal; the lab's clock goes on by as much. */
const LOOK_MILLISECONDS = 500;

/** Reads lines from the terminal until `exit` or Ctrl-D; gives the last status. */
export async function runTerminal(lines: ShellLines): Promise<number> {
  await lines.open();
  console.log(
    `A lab of ${lines.lab.machineList.map((machine) => machine.name).join(", ")}. "client# COMMAND" goes to another machine; exit or Ctrl-D ends.`,
  );
  const keyboard = new Keyboard((line) => complete(lines, line));
  try {
    while (!lines.closed) {
      const text = await readCommand(keyboard, lines);
      if (text === null) process.stdout.write(lines.prompt.startsWith("root@") ? "exit\n" : "\n");
      if (text === null && !lines.session.inside) break;
      await lines.run(text ?? "exit");
      showScreen(lines);
      await hold(keyboard, lines);
    }
  } finally {
    keyboard.close();
  }
  await show(lines.end());
  return lines.status;
}

function showScreen(lines: ShellLines): string {
  const screen = lines.session.takeScreen();
  process.stdout.write(screen);
  return screen;
}

/** While a command has the terminal (`ping` without a count): shows what it prints as time passes, until it ends or Ctrl-C ends it. */
async function hold(keyboard: Keyboard, lines: ShellLines): Promise<void> {
  while (lines.session.heldJob !== null) {
    if (!(await keyboard.interruptedWithin(LOOK_MILLISECONDS))) {
      await lines.elapse(ms(LOOK_MILLISECONDS));
      showScreen(lines);
      continue;
    }
    process.stdout.write("^C");
    await lines.interrupt();
    if (!showScreen(lines).endsWith("\n")) process.stdout.write("\n");
  }
}

async function show(result: Promise<{ readonly stdout: string; readonly stderr: string }>): Promise<void> {
  const { stdout, stderr } = await result;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

/** One whole command, over as many lines as it needs. Null at Ctrl-D; an empty text after Ctrl-C. */
async function readCommand(keyboard: Keyboard, lines: ShellLines): Promise<string | null> {
  let text = "";
  for (;;) {
    const typed = await keyboard.read(text === "" ? lines.prompt : "> ");
    if (typed.kind === "end") return null;
    if (typed.kind === "interrupt") {
      process.stdout.write("^C\n");
      return "";
    }
    text = text === "" ? lines.switchMachine(typed.text) : `${text}\n${typed.text}`;
    if (!lines.isIncomplete(text)) return text;
  }
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

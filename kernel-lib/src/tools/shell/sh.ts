import type { Process, Program, Steps } from "../../host/process.js";
import { awaitShell } from "../../host/waits.js";
import { errnoText, steppedTool, ToolExit } from "../tool-exit.js";
import { ShellSession } from "./session.js";

/**
 * `sh` and `bash` as programs: `sh -c TEXT`, `sh FILE`, a script on standard input, or, at a terminal, the shell that takes the
 * terminal's lines until `exit`.
 */
export function sh(flavour: "bash" | "ash"): Program {
  return steppedTool(function* (process): Steps {
    const words = process.argv.slice(1);
    const flags: string[] = [];
    while (/^[-+][a-zA-Z]+$/.test(words[0] ?? "")) flags.push(words.shift()!);
    const commands = flags.some((flag) => /^-[a-z]*c/.test(flag));
    if (commands && words.length === 0)
      throw new ToolExit(
        2,
        `${process.argv[0]}: -c${flavour === "ash" ? "" : ": option"} requires an argument\n`,
      );
    const session = new ShellSession(process, { flavour, terminal: process.tty, interactive: false });
    const options = flags.map((flag) => flag.replace(/[cils]/g, "")).filter((flag) => flag.length > 1);
    const before = options.map((flag) => `set ${flag}\n`).join("");
    if (commands)
      return yield* script(session, `${before}${positional(words.slice(2))}${words[0]}`, process.stdin);
    if (words.length > 0)
      return yield* script(
        session,
        `${before}${positional(words.slice(1))}${scriptText(process, words[0]!)}`,
        process.stdin,
      );
    if (!process.tty || process.stdin !== "") return yield* script(session, before + process.stdin, "");
    while (!session.closed) yield { kind: "terminal", queues: [session.ended], shell: session };
    return session.status;
  });
}

function positional(words: readonly string[]): string {
  return words.length === 0
    ? ""
    : `set -- ${words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")}\n`;
}

function scriptText(process: Process, path: string): string {
  try {
    return process.files.readText(path);
  } catch (error) {
    throw new ToolExit(127, `${process.argv[0]}: ${path}: ${errnoText(error)}\n`);
  }
}

function* script(session: ShellSession, text: string, stdin: string): Steps {
  const { process } = session;
  return yield* awaitShell(
    process,
    () => session.execute(text, stdin),
    () => session.foregroundProcess,
    () => session.abandon(),
  );
}

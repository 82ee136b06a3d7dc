import { Command, CommanderError } from "commander";
import { assignCommand } from "./assign.js";
import { benchCommand } from "./bench-command.js";
import { bookCommand, serveCommand } from "./book.js";
import { chatCommand } from "./chat.js";
import { feedbackCommand } from "./feedback.js";
import { gradeCommand } from "./grade.js";
import { gradeWorkerCommand } from "./grade-worker.js";
import { jupyterCommand } from "./jupyter.js";
import { kernelCommand } from "./kernel.js";
import { replayCommand } from "./replay.js";
import { runCommand } from "./run.js";
import { shellCommand } from "./shell.js";
import { traceCommand } from "./trace.js";

/** The commands of `hopbook`, in the order in which `--help` lists them. */
const COMMANDS: readonly (() => Command)[] = [
  shellCommand,
  traceCommand,
  replayCommand,
  runCommand,
  chatCommand,
  bookCommand,
  serveCommand,
  gradeCommand,
  feedbackCommand,
  gradeWorkerCommand,
  jupyterCommand,
  kernelCommand,
  assignCommand,
  benchCommand,
];

/** The program, without running it. */
export function program(): Command {
  const hopbook = new Command("hopbook")
    .description("Container networking that runs: labs in memory, notebooks, and the book made from them.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError("(hopbook --help lists the commands)");
  for (const make of COMMANDS) hopbook.addCommand(make());
  for (const command of hopbook.commands) {
    command.exitOverride().showHelpAfterError(`(hopbook ${command.name()} --help tells more)`);
    for (const inner of command.commands) inner.exitOverride();
  }
  return hopbook;
}

/** Runs `hopbook` with the words of a command line; sets the exit status: 2 for a wrong command line, 1 for a failure. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    console.error(`hopbook: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env.HOPBOOK_DEBUG === "1" && error instanceof Error) console.error(error.stack);
    process.exitCode = 1;
  }
}

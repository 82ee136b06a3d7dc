import { Command, CommanderError } from "commander";

/** The commands of `hopbook` by name, in the order in which `--help` lists them. Each is loaded by itself: those that need the lab take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  shell: async () => (await import("./shell.js")).shellCommand(),
  trace: async () => (await import("./trace.js")).traceCommand(),
  replay: async () => (await import("./replay.js")).replayCommand(),
  run: async () => (await import("./run.js")).runCommand(),
  chat: async () => (await import("./chat.js")).chatCommand(),
  book: async () => (await import("./book.js")).bookCommand(),
  serve: async () => (await import("./book.js")).serveCommand(),
  grade: async () => (await import("./grade.js")).gradeCommand(),
  feedback: async () => (await import("./feedback.js")).feedbackCommand(),
  "grade-worker": async () => (await import("./grade-worker.js")).gradeWorkerCommand(),
  jupyter: async () => (await import("./jupyter.js")).jupyterCommand(),
  kernel: async () => (await import("./kernel.js")).kernelCommand(),
  assign: async () => (await import("./assign.js")).assignCommand(),
  bench: async () => (await import("./bench-command.js")).benchCommand(),
};

/** The program, without running it: with the command of that name only, and with all of them for any other word. */
export async function program(name?: string): Promise<Command> {
  const hopbook = new Command("hopbook")
    .description("Container networking that runs: labs in memory, notebooks, and the book made from them.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError("(hopbook --help lists the commands)");
  const known = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  for (const load of known === undefined ? Object.values(COMMANDS) : [known])
    hopbook.addCommand(await load());
  for (const command of hopbook.commands) {
    command.exitOverride().showHelpAfterError(`(hopbook ${command.name()} --help tells more)`);
    for (const inner of command.commands) inner.exitOverride();
  }
  return hopbook;
}

/** Runs `hopbook` with the words of a command line; sets the exit status: 2 for a wrong command line, 1 for a failure. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await (await program(argv[2])).parseAsync(argv);
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

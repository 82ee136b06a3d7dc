import { Command } from "commander";
import { wholeNumber } from "./numbers.js";

/** `hopbook run`: notebooks on the project's kernel. */
export function runCommand(): Command {
  return new Command("run")
    .description("Execute notebooks on the project's kernel, in place and all or nothing.")
    .argument("<notebook...>", "notebook files (.ipynb)")
    .option("--timeout <seconds>", "the longest that one cell may take", wholeNumber(1, 86_400))
    .option("--check", "compare with the stored outputs and write nothing; status 1 when they differ")
    .addHelpText("after", "\nExample:\n  hopbook run notebooks/01-bridge.ipynb --check")
    .action(async (paths: string[], options: { timeout?: number; check?: boolean }) => {
      const { runNotebooks } = await import("../jupyter/index.js");
      process.exitCode = await runNotebooks(paths, { timeoutSeconds: options.timeout, check: options.check });
    });
}

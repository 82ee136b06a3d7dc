import { Command } from "commander";
import { projectFolder } from "./folders.js";

/** `hopbook bench`: measured figures of this machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("Measure packets a second, memory of a trace, the kernel and a chapter; print figures.")
    .option("--json", "print one JSON value")
    .addHelpText("after", "\nExample:\n  hopbook bench --json > bench.json")
    .action(async (options: { json?: boolean }) => {
      const { bench } = await import("./bench/bench.js");
      await bench({ root: projectFolder(), json: options.json === true });
    });
}

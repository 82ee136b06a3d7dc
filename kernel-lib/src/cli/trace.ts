import { Command } from "commander";
import { commandLine } from "../base/command-line.js";
import { type LabChoice, labOf, withLabOptions } from "./lab-options.js";
import { readAll } from "./read-all.js";

/** `hopbook trace`: one command's packets, hop by hop. */
export function traceCommand(): Command {
  return withLabOptions(new Command("trace"))
    .description("Run a command after the script on standard input, and print the journeys of its packets.")
    .requiredOption("--from <machine>", "the machine that runs it")
    .option("--json", "print the events as JSON")
    .option("--rules", "after each journey, list the netfilter rules that were met")
    .argument("<command...>", "the command, after --")
    .addHelpText(
      "after",
      "\nExample:\n  echo 'docker run -d --name api test-image' | hopbook trace --from docker01 -- curl -s 172.17.0.2:5000",
    )
    .action(
      async (words: string[], options: LabChoice & { from: string; json?: boolean; rules?: boolean }) => {
        const lab = labOf(options);
        const machine = lab.machine(options.from);
        const script = process.stdin.isTTY ? "" : await readAll(process.stdin);
        if (script.trim() !== "") {
          const before = await lab.machineList[0]!.script(script);
          if (!before.ok)
            throw new Error(`the script ended with status ${before.status}: ${before.stderr.trim()}`);
        }
        const trace = await lab.trace(() => machine.script(commandLine(words)));
        if (options.json === true)
          console.log(
            JSON.stringify(trace.events, (_, value) => (value instanceof Uint8Array ? [...value] : value)),
          );
        else {
          console.log(String(trace.value));
          for (const journey of trace.journeys) {
            console.log(`\n${journey.table()}`);
            const rules = journey.rules();
            if (options.rules === true && rules.met.length > 0) console.log(`\n${rules}`);
          }
        }
        process.exitCode = trace.value.status;
      },
    );
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { assertNever } from "../base/assert.js";
import { commandLine } from "../base/command-line.js";
import type { JournalEntry } from "../lab/journal.js";
import { parseJournal } from "../lab/journal.js";
import { Lab } from "../lab/lab.js";

/** `hopbook replay`: a lab from its journal. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("Rebuild a lab from its journal.")
    .argument("<journal>", "file with the journal's JSON")
    .option("--script", "print the commands as a shell script instead")
    .option("--listing", "print what every command printed")
    .option("--pcap <folder>", "write the captures that the journal made into this folder")
    .addHelpText("after", "\nExample:\n  hopbook replay journal.json --listing")
    .action(async (file: string, options: { script?: boolean; listing?: boolean; pcap?: string }) => {
      const journal = parseJournal(readFileSync(file, "utf8"));
      if (options.script === true) {
        process.stdout.write(scriptOf(journal.entries));
        return;
      }
      const lab = await Lab.replay(journal, (entry, output) => {
        if (options.listing === true)
          process.stdout.write(`${scriptOf([entry])}${output === "" ? "" : `${output}\n`}`);
      });
      if (options.pcap !== undefined) writeCaptures(lab, options.pcap);
      if (options.listing !== true)
        console.log(
          `replayed ${journal.entries.length} entries; virtual time ${(lab.now / 1e9).toFixed(3)} s`,
        );
    });
}

/** The commands as bash, each under the name of its machine: on real machines, run the lines of one machine there. */
function scriptOf(entries: readonly JournalEntry[]): string {
  return entries
    .map((entry) => {
      switch (entry.kind) {
        case "exec":
          return `# on ${entry.machine}\n${commandLine(entry.argv)}\n`;
        case "sh":
          return `# on ${entry.machine}\n${entry.line.trim()}\n`;
        case "start":
          return `# on ${entry.machine}, job ${entry.job}\n${commandLine(entry.argv)} &\n`;
        case "stop":
          return `# end job ${entry.job}\nkill -INT %${entry.job + 1}\n`;
        case "wait":
          return `sleep ${entry.duration / 1e9}\n`;
        case "cable":
          return `# cable ${entry.cable}${entry.from === undefined ? "" : ` from ${entry.from}`}: ${JSON.stringify(entry.figures)}\n`;
        case "fault":
          return `# on ${entry.machine}: fault "${entry.fault}" of ${entry.device} ${entry.on ? "begins" : "ends"}\n`;
        case "load":
          return `# on ${entry.machine}${entry.container === undefined ? "" : `, in ${entry.container}`}, load ${entry.load}: ${JSON.stringify(entry.options)}\n`;
        case "load-end":
          return `# wait for the end of load ${entry.load}\n`;
        case "service-time":
          return `# a request costs ${entry.container} ${JSON.stringify(entry.time)}\n`;
        case "processors":
          return `# ${entry.machine} has ${entry.count} processor${entry.count === 1 ? "" : "s"}\n`;
        default:
          return assertNever(entry);
      }
    })
    .join("");
}

function writeCaptures(lab: Lab, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const job of lab.jobList) {
    if (!job.argv.includes("-w")) continue;
    const path = join(folder, `${job.machine.name}-job${job.number}.pcap`);
    writeFileSync(`${path}.part`, job.pcap);
    renameSync(`${path}.part`, path);
    console.log(path);
  }
}

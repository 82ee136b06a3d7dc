import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { journalScript } from "../lab/journal-script.js";
import { Lab } from "../lab/lab.js";
import { parseJournal } from "../lab/parse-journal.js";

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
        process.stdout.write(journalScript(journal.entries));
        return;
      }
      const lab = await Lab.replay(journal, (entry, output) => {
        if (options.listing === true)
          process.stdout.write(`${journalScript([entry])}${output === "" ? "" : `${output}\n`}`);
      });
      if (options.pcap !== undefined) writeCaptures(lab, options.pcap);
      if (options.listing !== true)
        console.log(
          `replayed ${journal.entries.length} entries; virtual time ${(lab.now / 1e9).toFixed(3)} s`,
        );
    });
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

import { resolve } from "node:path";
import { Command } from "commander";
import type { HiddenWords, Lms } from "../grade/index.js";
import { hiddenOption, lmsOption } from "./grade.js";
import { assignmentOf } from "./grade-options.js";
import { gradeProgress } from "./grade-progress.js";

/** `hopbook feedback`: the reports of grades that were given, written again. */
export function feedbackCommand(): Command {
  return new Command("feedback")
    .description("Write feedback, tables and summary again from grades that were given.")
    .argument("<grades>", "folder that `hopbook grade` made")
    .requiredOption("--assignment <chapter>", "which assignment: 03-vxlan, or 03")
    .addOption(hiddenOption())
    .addOption(lmsOption())
    .addHelpText("after", "\nExample:\n  hopbook feedback grades/03-vxlan --assignment 03 --hidden outcome")
    .action(async (folder: string, options: { assignment: string; hidden: HiddenWords; lms?: Lms[] }) => {
      const { rewriteReports } = await import("../grade/index.js");
      const assignment = await assignmentOf(options.assignment);
      const progress = gradeProgress(assignment.name, process.stderr);
      const { hidden, lms = [] } = options;
      const count = await rewriteReports({
        assignment,
        out: resolve(folder),
        hidden,
        lms,
        onStep: progress.step,
      });
      progress.clear();
      console.log(`feedback for ${count} submissions is written`);
    });
}

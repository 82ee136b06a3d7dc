import { Command } from "commander";
import type { GradeOne } from "../grade/index.js";
import {
  assignmentOf,
  gradeOneOf,
  jobsOption,
  noSandboxOption,
  type SandboxChoice,
  sandboxOption,
} from "./grade-options.js";
import { wholeNumber } from "./numbers.js";

interface WorkerOptions {
  readonly queue: string;
  readonly jobs: number;
  readonly sandbox?: SandboxChoice;
  readonly silence: number;
}

/** `hopbook grade-worker`: takes submissions from a queue until Ctrl-C. */
export function gradeWorkerCommand(): Command {
  return new Command("grade-worker")
    .description("Grade submissions that `hopbook grade --queue` hands out, until Ctrl-C.")
    .requiredOption("--queue <address>", "the Redis that both use: redis://HOST:PORT, rediss:// with TLS")
    .addOption(jobsOption())
    .addOption(sandboxOption())
    .addOption(noSandboxOption())
    .option(
      "--silence <seconds>",
      "a worker without a word for so long is taken for dead, and its submissions go to others",
      wholeNumber(1, 3600),
      30,
    )
    .addHelpText(
      "after",
      "\nExample:\n  hopbook grade-worker --queue redis://10.0.0.5:6379 --jobs 4\n\nWhoever may write to that Redis may give grades: give it a password, and keep it in a network of your own.",
    )
    .action(async ({ queue, jobs, sandbox, silence }: WorkerOptions) => {
      const { editionOf, startWorker } = await import("../grade/index.js");
      const graders = new Map<string, Promise<{ edition: string; gradeOne: GradeOne }>>();
      const graderFor = (name: string, sameForAll: boolean) => {
        const key = `${name} ${sameForAll}`;
        const known = graders.get(key);
        if (known !== undefined) return known;
        const made = assignmentOf(name, sameForAll).then(async (assignment) => ({
          edition: editionOf(assignment),
          gradeOne: await gradeOneOf(assignment, sandbox),
        }));
        graders.set(key, made);
        return made;
      };
      const worker = await startWorker({
        ...{ url: queue, jobs, silence, graderFor },
        onJob: (student, outcome) =>
          console.log(
            outcome instanceof Error
              ? `${student}: ${outcome.message}`
              : `${student}: ${outcome.points} of ${outcome.maxPoints} points`,
          ),
      });
      console.log(`Waiting for submissions, ${jobs} at a time (Ctrl-C ends)`);
      const end = () => void worker.close().then(() => process.exit(0));
      process.once("SIGINT", end).once("SIGTERM", end);
    });
}

import { hostname } from "node:os";
import { type Job, Worker } from "bullmq";
import { type GradeOne, MOST_BEGINNINGS } from "../course/graders.js";
import { gradeText } from "../course/local.js";
import type { SubmissionResult } from "../result.js";
import { type GradeJob, isAssignmentName, QUEUE } from "./job.js";
import { reachable } from "./reachable.js";

export interface WorkerOptions {
  readonly url: string;
  /** Submissions at a time. */
  readonly jobs: number;
  /** Seconds without a word after which a worker is taken for dead and its jobs go to others. */
  readonly silence: number;
  /** Grades submissions to an assignment; throws where this machine has no such assignment. `edition` is the hash of its text here. */
  readonly graderFor: (
    assignment: string,
    sameForAll: boolean,
  ) => Promise<{ readonly edition: string; readonly gradeOne: GradeOne }>;
  readonly onJob?: (student: string, outcome: SubmissionResult | Error) => void;
}

/** A worker that takes jobs until it is closed; what it has then is finished first. */
export async function startWorker(options: WorkerOptions): Promise<{ close(): Promise<void> }> {
  const { url, jobs, silence, onJob } = options;
  await reachable(url);
  const name = `${hostname()}-${process.pid}`;
  const worker = new Worker<GradeJob, SubmissionResult>(QUEUE, (job) => gradeJob(job, name, options), {
    connection: { url },
    name,
    concurrency: jobs,
    lockDuration: silence * 1000,
    stalledInterval: (silence * 1000) / 2,
    maxStalledCount: MOST_BEGINNINGS,
  });
  worker.on("error", () => {});
  worker.on("completed", (job, result) => onJob?.(job.data.student, result));
  worker.on("failed", (job, error) => onJob?.(job?.data.student ?? "?", error));
  await worker.waitUntilReady();
  return { close: () => worker.close() };
}

async function gradeJob(
  { data }: Job<GradeJob, SubmissionResult>,
  name: string,
  { graderFor }: WorkerOptions,
): Promise<SubmissionResult> {
  const { assignment, sameForAll, edition, student, notebook } = data;
  if (!isAssignmentName(assignment) || typeof student !== "string" || typeof notebook !== "string")
    throw new Error("the job is not one of hopbook grade");
  const grader = await graderFor(assignment, sameForAll === true);
  if (grader.edition !== edition)
    throw new Error(`the worker ${name} has another text of the assignment ${assignment}: update it`);
  return gradeText(grader.gradeOne, student, notebook, new AbortController().signal);
}

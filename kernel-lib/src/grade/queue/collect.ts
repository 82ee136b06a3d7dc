import { type Job, Queue, QueueEvents } from "bullmq";
import type { Assignment } from "../assignment/assignment.js";
import type { GradeAll, Grading } from "../course/graders.js";
import type { Waiting } from "../database/gradebook.js";
import type { SubmissionResult } from "../result.js";
import { type GradeJob, jobId, QUEUE } from "./job.js";
import { reachable } from "./reachable.js";

export interface QueueOptions {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  readonly assignment: Pick<Assignment, "name" | "variants">;
  readonly edition: string;
}

/** A job that throws is tried so often: that is never a student's doing. */
const ATTEMPTS = 3;
const BACKOFF_MS = 1000;
/** Between two looks at the whole queue: an event may be lost while a connection breaks. */
const SWEEP_MS = 3000;
/** Jobs in one command to Redis. */
const CHUNK = 50;

type Jobs = Queue<GradeJob, SubmissionResult>;

/**
 * Grades through a queue: `grade-worker` processes on any machines take the jobs. The grades are given here alone, by one process with one gradebook, so whatever workers do
 * twice counts once. Jobs and results that a run left in Redis are found again by the next.
 */
export function queueGraders(options: QueueOptions): GradeAll {
  return async (grading, signal) => {
    await reachable(options.url);
    const connection = { url: options.url };
    const queue: Jobs = new Queue(QUEUE, { connection });
    const events = new QueueEvents(QUEUE, { connection });
    // Without a listener an error of the connection would end the process; the connection is made again by itself.
    queue.on("error", () => {});
    events.on("error", () => {});
    try {
      await events.waitUntilReady();
      await new Collector(queue, events, grading, options).untilDone(signal);
    } finally {
      await Promise.allSettled([events.close(), queue.close()]);
    }
  };
}

/** Puts the jobs in, and takes their results out as they come. */
class Collector {
  private readonly open: Map<string, Waiting>;
  /** Settling goes one after the other: two events of one job must not meet. */
  private last: Promise<void> = Promise.resolve();
  private finish: () => void = () => {};

  constructor(
    private readonly queue: Jobs,
    private readonly events: QueueEvents,
    private readonly grading: Grading,
    private readonly options: QueueOptions,
  ) {
    this.open = new Map(grading.waiting.map((waiting) => [jobId(grading.run, waiting), waiting]));
  }

  async untilDone(signal: AbortSignal): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.finish = resolve;
    });
    const later = ({ jobId: id }: { jobId: string }) => {
      if (this.open.has(id)) this.soon(() => this.settle(id));
    };
    this.events.on("completed", later).on("failed", later);
    const timer = setInterval(() => this.soon(() => this.sweep()), SWEEP_MS);
    signal.addEventListener("abort", this.finish, { once: true });
    try {
      await this.forgetFailed();
      await this.add([...this.open.values()]);
      this.soon(() => this.sweep());
      await done;
    } finally {
      clearInterval(timer);
      signal.removeEventListener("abort", this.finish);
      await this.last;
    }
  }

  private soon(work: () => Promise<void>): void {
    // What breaks here is the connection; the next sweep does the same again.
    this.last = this.last.then(work).catch(() => {});
  }

  /** A job that an earlier run gave up on is tried again by this one. */
  private async forgetFailed(): Promise<void> {
    for (const job of await this.queue.getFailed()) if (this.open.has(job.id!)) await job.remove();
  }

  private async add(all: readonly Waiting[]): Promise<void> {
    const { run } = this.grading;
    const { assignment, edition } = this.options;
    const { name, variants } = assignment;
    const shared = { run, assignment: name, sameForAll: variants === "everyone", edition };
    for (let i = 0; i < all.length; i += CHUNK) {
      const jobs = all.slice(i, i + CHUNK).map((waiting) => ({
        name,
        data: { ...shared, student: waiting.student, notebook: waiting.notebook! },
        opts: {
          jobId: jobId(run, waiting),
          attempts: ATTEMPTS,
          backoff: { type: "fixed", delay: BACKOFF_MS },
        },
      }));
      await this.queue.addBulk(jobs);
    }
  }

  /** Looks at all that has ended; puts jobs in again that Redis has lost. */
  private async sweep(): Promise<void> {
    for (const job of await this.queue.getJobs(["completed", "failed"]))
      if (job?.id !== undefined && this.open.has(job.id)) await this.take(job, job.id);
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
    } = await this.queue.getJobCounts("waiting", "active", "delayed");
    if (waiting + active + delayed === 0 && this.open.size > 0) await this.add([...this.open.values()]);
  }

  private async settle(id: string): Promise<void> {
    const job = await this.queue.getJob(id);
    if (job !== undefined) await this.take(job, id);
  }

  /** The grade first, then the job goes: a process that ends between the two finds the job again, and the grade stands. */
  private async take(job: Job<GradeJob, SubmissionResult>, id: string): Promise<void> {
    const waiting = this.open.get(id);
    if (waiting === undefined) return;
    const state = await job.getState();
    if (state !== "completed" && state !== "failed") return;
    const by = job.processedBy ?? "a worker";
    const result = job.returnvalue;
    if (state === "failed") this.grading.trouble(waiting, job.failedReason ?? "no reason was given");
    else if (isResult(result, this.options.assignment.name)) this.grading.finish(waiting, result, by);
    else this.grading.trouble(waiting, `${by} gave no result of this assignment`);
    this.open.delete(id);
    await job.remove();
    if (this.open.size === 0) this.finish();
  }
}

function isResult(value: unknown, assignment: string): value is SubmissionResult {
  if (typeof value !== "object" || value === null) return false;
  const { format, version, assignment: name, points, tasks } = value as SubmissionResult;
  return (
    format === "hopbook-result" &&
    version === 1 &&
    name === assignment &&
    typeof points === "number" &&
    Array.isArray(tasks)
  );
}

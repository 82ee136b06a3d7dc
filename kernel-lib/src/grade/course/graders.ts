import type { Waiting } from "../database/gradebook.js";
import type { SubmissionResult } from "../result.js";

/** Grades one notebook. It throws only for what is no student's doing: a sandbox that does not start, a full disk. */
export type GradeOne = (job: {
  readonly student: string;
  /** Path of the notebook. */
  readonly notebook: string;
  readonly signal: AbortSignal;
}) => Promise<SubmissionResult>;

/** The submissions that wait, and where their grades go. */
export interface Grading {
  readonly waiting: readonly Waiting[];
  /** Names this run of grading: jobs of another never count for it. */
  readonly run: string;
  /** Notes that one begins; gives how often it has begun. */
  begin(waiting: Waiting): number;
  /** A result. Given twice, it counts once. */
  finish(waiting: Waiting, result: SubmissionResult, by: string): void;
  /** It got no grade, for a reason that is no student's doing. */
  trouble(waiting: Waiting, reason: string): void;
}

/** Grades all that waits, wherever that is: in processes of this machine, or through a queue. */
export type GradeAll = (grading: Grading, signal: AbortSignal) => Promise<void>;

/** So often may a grader end while it has a submission; then a person must look at it. */
export const MOST_BEGINNINGS = 3;

import type { Assignment } from "./assignment/assignment.js";
import type { Limits, SandboxKind } from "./sandbox/limits.js";

/** A submission to grade, for `gradeSubmission(request): Promise<SubmissionResult>`. */
export interface GradeRequest {
  readonly assignment: Assignment;
  /** As the folder or the LMS says; never as the notebook says. */
  readonly student: string;
  /** The notebook's file. */
  readonly notebook: string;
  /** Default: the best that there is, found once. */
  readonly sandbox?: SandboxKind;
  /** Each program in the sandbox (the student's code, then the replay) has all of it. */
  readonly limits?: Partial<Limits>;
  /** Ends the grading: the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Folder with the programs that run in the sandbox. Default: those that were built with the library. */
  readonly programs?: string;
}

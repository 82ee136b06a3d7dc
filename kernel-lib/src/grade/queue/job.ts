import { sha256 } from "../../base/sha256.js";
import type { Waiting } from "../database/gradebook.js";

/** The queue's name in Redis. Every grading that uses the same Redis shares it, and its workers. */
export const QUEUE = "hopbook-grade";

/** One submission on its way to a worker. */
export interface GradeJob {
  /** Which run of grading wants it. */
  readonly run: string;
  /** The assignment's name, which the worker has as well. */
  readonly assignment: string;
  /** All students have the same variant. */
  readonly sameForAll: boolean;
  /** Hash of the assignment's text: a worker with another text gives no grade. */
  readonly edition: string;
  readonly student: string;
  /** The notebook's text: a worker needs no shared folder. */
  readonly notebook: string;
}

/** The same submission in the same run is the same job: added twice, it is there once. */
export function jobId(
  run: string,
  { student, sha256: content }: Pick<Waiting, "student" | "sha256">,
): string {
  return `${run}-${sha256(Buffer.from(`${student}\n${content}`)).slice(0, 32)}`;
}

/** Names of chapters: what comes out of Redis becomes part of a path. */
export const isAssignmentName = (name: unknown): name is string =>
  typeof name === "string" && /^[a-z0-9][a-z0-9-]{0,80}$/.test(name);

import { checkPlainJson } from "../check-json.js";
import type { Journal, JournalEntry, JournalHeader } from "../journal.js";
import { readJournal } from "../parse-journal.js";

/** A task as it was made for one student, as plain JSON. */
export interface PreparedTask {
  readonly assignment: string;
  readonly task: string;
  /** Whose variant it is. */
  readonly student: string;
  /** All that was done to the lab before the student gets it. */
  readonly journal: JournalHeader & { readonly entries: readonly JournalEntry[] };
  /** What the student is told: addresses, names. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hints: readonly string[];
  /** What only the teacher's checks know: which fault it is. It is never sealed into a notebook. */
  readonly secret: Readonly<Record<string, unknown>>;
}

/** What a notebook holds of it. */
export type SealedTask = Omit<PreparedTask, "secret">;

/** What leaves the teacher's hands: all but the secret. */
export function withoutSecret({ secret: _secret, ...told }: PreparedTask): SealedTask {
  return told;
}

/** A prepared task from JSON that may have been changed, and its preparation. Throws a RangeError that says what is wrong. */
export function readPreparedTask(data: unknown): SealedTask & { readonly preparation: Journal } {
  checkPlainJson(data, "the task");
  const { assignment, task, student, journal, facts, hints } = (data ?? {}) as Partial<SealedTask>;
  for (const [name, value] of Object.entries({ assignment, task, student }))
    if (typeof value !== "string") throw new RangeError(`the task does not say its ${name}`);
  if (typeof facts !== "object" || facts === null || Array.isArray(facts))
    throw new RangeError("the task's facts are not an object");
  if (!Array.isArray(hints) || hints.some((hint) => typeof hint !== "string"))
    throw new RangeError("the task's hints are not a list of texts");
  const preparation = readJournal(journal);
  return { assignment, task, student, journal, facts, hints, preparation } as SealedTask & {
    preparation: Journal;
  };
}

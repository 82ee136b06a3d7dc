import { SourceError } from "../../book/source-error.js";
import { Lab } from "../../lab/lab.js";
import type { PreparedTask } from "../../lab/task/prepared-task.js";
import { type Assignment, type AssignmentCell, variantOf } from "./assignment.js";
import { TrustedCells } from "./cell-run.js";
import { Student } from "./student.js";

export type { PreparedTask };

/** What a prepare cell's last expression gives. */
interface Prepared {
  readonly lab: Lab;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hints: readonly string[];
  readonly secret: Readonly<Record<string, unknown>>;
}

/**
 * Makes the tasks of an assignment for a student, by running its prepare cells; the same for the same student every time. Throws a SourceError that
 * names the cell's line for one that fails.
 */
export async function makeTasks(assignment: Assignment, student: string): Promise<PreparedTask[]> {
  const tasks: PreparedTask[] = [];
  for (const cell of assignment.cells)
    if (cell.kind === "prepare") tasks.push(await makeTask(assignment, cell, variantOf(assignment, student)));
  return tasks;
}

async function makeTask(
  { name: assignment, path }: Assignment,
  { task, source, line }: AssignmentCell,
  student: string,
): Promise<PreparedTask> {
  try {
    const cells = new TrustedCells({ student: new Student(assignment, task, student) });
    const { lab, facts, hints, secret } = readPrepared(await cells.run(source, `prepare-${task}`));
    const journal = plain(lab.journal.toJSON(), "the journal");
    return {
      ...{ assignment, task, student, journal },
      ...{ facts: plain(facts, "facts"), hints, secret: plain(secret, "secret") },
    };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SourceError(path, line, `the task “${task}” cannot be made for “${student}”: ${what}`);
  }
}

function readPrepared(value: unknown): Prepared {
  const { lab, facts = {}, hints = [], secret = {}, ...more } = (value ?? {}) as Partial<Prepared>;
  if (!(lab instanceof Lab))
    throw new TypeError("a prepare cell's last expression is ({ lab, facts, hints, secret })");
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) throw new TypeError(`a prepared task has no “${unknown}”`);
  if (!Array.isArray(hints) || !hints.every((hint) => typeof hint === "string"))
    throw new TypeError("“hints” is a list of texts");
  return { lab, facts, hints, secret };
}

/** A value as it is after a journey through JSON. */
function plain<T>(value: T, what: string): T {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`“${what}” is an object`);
  return JSON.parse(JSON.stringify(value)) as T;
}

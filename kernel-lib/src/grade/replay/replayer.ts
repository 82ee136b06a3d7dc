import { readFileSync } from "node:fs";
import type { PreparedTask } from "../../lab/task/prepared-task.js";
import { Task } from "../../lab/task/task.js";
import { makeTasks } from "../assignment/make-tasks.js";
import { tell } from "../run/channel.js";
import { fingerprintOf } from "./fingerprint.js";
import type { Graded, OpenedTask, ReplayInput } from "./messages.js";
import { readOpenedEntries } from "./read-entries.js";
import { runChecks, unasked } from "./run-checks.js";

/**
 * The program that grades: it makes the student's tasks anew, does again what the journals say, and asks the checks. A journal is data here; nothing in it
 * becomes JavaScript.
 */
const { assignment, student, opened } = JSON.parse(readFileSync(0, "utf8")) as ReplayInput;

type AnyTask = Task<Record<string, unknown>>;

/** Most entries that may fail to be done again before the journal is given up: it is of another lab then. */
const MOST_FAILED = 20;

/** Does the entries again. One that this lab cannot have had is passed over, and the teacher hears of it. */
async function replayed(
  prepared: PreparedTask,
  { entries }: OpenedTask,
  warnings: string[],
): Promise<AnyTask> {
  const task = await Task.replay(prepared);
  let failed = 0;
  for (const [i, entry] of readOpenedEntries(entries).entries()) {
    try {
      await task.lab.redoAll([entry], () => undefined);
    } catch (error) {
      warnings.push(`journal entry ${i + 1} (${entry.kind}) was passed over: ${(error as Error).message}`);
      if (++failed >= MOST_FAILED) throw new RangeError("the journal is not of this lab");
    }
  }
  return task;
}

async function grade(prepared: ReadonlyMap<string, PreparedTask>, number: number): Promise<Graded> {
  const { name } = opened[number]!;
  const warnings: string[] = [];
  const nothing = {
    opened: number,
    task: name,
    points: 0,
    hints: [],
    answers: {},
    fingerprint: [],
    warnings,
  };
  let task: AnyTask;
  try {
    task = await replayed(prepared.get(name)!, opened[number]!, warnings);
  } catch (error) {
    const message = `the journal was refused: ${(error as Error).message}`;
    return { ...nothing, checks: unasked(assignment.cells, name, "error", message) };
  }
  const { hintsRead: hints, answers, facts } = task;
  const fingerprint = fingerprintOf(task.lab.journal.entries, facts);
  const known = { ...nothing, hints, answers, fingerprint };
  try {
    const checks = await runChecks(assignment.cells, name, (wanted) =>
      wanted === name ? Promise.resolve(task) : Task.replay(prepared.get(wanted)!),
    );
    return { ...known, checks, points: checks.reduce((sum, { points }) => sum + points, 0) };
  } catch (error) {
    const message = `a cell of the assignment failed: ${(error as Error).message}`;
    return { ...known, checks: unasked(assignment.cells, name, "error", message) };
  }
}

console.log = () => undefined;
tell({ kind: "ready" });
try {
  const prepared = new Map((await makeTasks(assignment, student)).map((task) => [task.task, task]));
  for (const number of opened.keys()) tell({ kind: "graded", ...(await grade(prepared, number)) });
} catch (error) {
  tell({ kind: "failed", reason: (error as Error).message });
}
process.exit(0);

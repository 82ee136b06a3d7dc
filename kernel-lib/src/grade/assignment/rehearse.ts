import { setDisplaySink } from "../../base/display.js";
import type { JournalEntry } from "../../lab/journal.js";
import type { PreparedTask } from "../../lab/task/prepared-task.js";
import { Task } from "../../lab/task/task.js";
import type { Assignment, AssignmentCell } from "./assignment.js";
import { TrustedCells } from "./cell-run.js";

/** How the checks of an assignment came out, by id: null for one that holds, else what it said. */
export type Outcome = ReadonlyMap<string, string | null>;

/** An assignment tried out on one student's variant: by the reference solution, and by a student who does nothing. */
export interface Rehearsal {
  readonly solved: Outcome;
  readonly empty: Outcome;
  /** What is wrong with the assignment, one sentence each; none when it is good. */
  readonly problems: readonly string[];
}

type Tasks = ReadonlyMap<string, Task<Record<string, unknown>>>;

/**
 * Plays an assignment as a grader does: the solutions run on the tasks, and what their labs' journals say is done again for the checks, which see setup cells
 * only. All checks must hold then, and none may hold when nothing was done. Trusted code only.
 */
export async function rehearse(
  assignment: Assignment,
  prepared: readonly PreparedTask[],
): Promise<Rehearsal> {
  setDisplaySink(() => undefined);
  try {
    const answers = await answersOf(assignment, prepared);
    const solved = await checksOf(assignment, prepared, answers.journals);
    const empty = await checksOf(assignment, prepared, new Map());
    return { solved, empty, problems: [...answers.problems, ...problemsOf(assignment, solved, empty)] };
  } finally {
    setDisplaySink(null);
  }
}

function problemsOf({ cells }: Assignment, solved: Outcome, empty: Outcome): string[] {
  return cells.flatMap(({ kind, id, line }) => {
    if (kind !== "check") return [];
    const failure = solved.get(id) ?? null;
    const place = `check “${id}” (line ${line})`;
    return [
      ...(failure === null ? [] : [`${place} fails for the reference solution: ${failure}`]),
      ...(empty.get(id) === null ? [`${place} holds when nothing was done`] : []),
    ];
  });
}

/** Runs setup cells and solutions, and gives the journal of each task. */
async function answersOf(
  { cells }: Assignment,
  prepared: readonly PreparedTask[],
): Promise<{ journals: ReadonlyMap<string, readonly JournalEntry[]>; problems: string[] }> {
  const tasks = await openAll(prepared, new Map());
  const run = cellsOver(tasks);
  const problems: string[] = [];
  for (const cell of cells) {
    if (cell.kind !== "setup" && cell.kind !== "answer") continue;
    const failure = await failureOf(run, cell, cell.source);
    if (failure !== null) problems.push(`cell “${cell.id}” (line ${cell.line}) fails: ${failure}`);
  }
  const journals = [...tasks].map(
    ([name, { lab }]) => [name, lab.journal.entries] satisfies [string, readonly JournalEntry[]],
  );
  return { journals: new Map(journals), problems };
}

async function checksOf(
  { cells }: Assignment,
  prepared: readonly PreparedTask[],
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
): Promise<Outcome> {
  const run = cellsOver(await openAll(prepared, journals));
  const outcome = new Map<string, string | null>();
  for (const cell of cells) {
    if (cell.kind === "setup") await failureOf(run, cell, cell.source);
    if (cell.kind === "check") outcome.set(cell.id, await failureOf(run, cell, cell.source));
  }
  return outcome;
}

async function openAll(
  prepared: readonly PreparedTask[],
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
): Promise<Tasks> {
  const tasks = new Map<string, Task<Record<string, unknown>>>();
  for (const task of prepared) tasks.set(task.task, await Task.replay(task, journals.get(task.task) ?? []));
  return tasks;
}

/** Cells for which `Task.open` gives the tasks that are there. */
function cellsOver(tasks: Tasks): TrustedCells {
  const open = (name: string) => {
    const task = tasks.get(name);
    if (task === undefined) throw new RangeError(`there is no task “${name}”`);
    return Promise.resolve(task);
  };
  return new TrustedCells({ console: silent() }, { Task: { open } });
}

async function failureOf(run: TrustedCells, cell: AssignmentCell, source: string): Promise<string | null> {
  try {
    await run.run(source, `cell-${cell.id}`);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** What a cell prints is nothing to those who wait for its grade. */
function silent(): Record<string, () => void> {
  const nothing = () => undefined;
  return Object.fromEntries(
    ["log", "info", "debug", "warn", "error", "table", "dir"].map((name) => [name, nothing]),
  );
}

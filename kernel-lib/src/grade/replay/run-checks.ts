import { CheckFailure } from "../../lab/checks/check-failure.js";
import type { Task } from "../../lab/task/task.js";
import type { AssignmentCell } from "../assignment/assignment.js";
import { TrustedCells } from "../assignment/cell-run.js";
import { hasRegion, withoutHidden } from "../assignment/regions.js";
import type { CheckResult } from "../result.js";

/** Most characters of a check's message. */
const MOST_MESSAGE = 4_000;

/** Gives the lab of a task that the teacher's cells open. */
export type OpenedTasks = (name: string) => Promise<Task<Record<string, unknown>>>;

/** Runs the teacher's setup cells, and after them the checks of one task, in the assignment's order: each gives all its points or none. */
export async function runChecks(
  cells: readonly AssignmentCell[],
  task: string,
  tasks: OpenedTasks,
): Promise<CheckResult[]> {
  const trusted = new TrustedCells({}, { Task: { open: tasks } });
  const results: CheckResult[] = [];
  for (const cell of cells) {
    if (cell.kind === "setup") await trusted.run(cell.source, cell.id);
    if (cell.kind === "check" && cell.task === task) results.push(await runCheck(trusted, cell));
  }
  return results;
}

async function runCheck(trusted: TrustedCells, cell: AssignmentCell): Promise<CheckResult> {
  const failure = await failureOf(trusted, cell.source, cell.id);
  const { id, title, points: maxPoints } = cell;
  if (failure === null)
    return { id, title, hidden: cell.hidden, points: maxPoints, maxPoints, status: "pass" };
  // Which part failed decides who may read why.
  const seen =
    !hasRegion(cell.source, "HIDDEN TESTS") ||
    (!cell.hidden && (await failureOf(trusted, withoutHidden(cell.source), cell.id)) !== null);
  return { id, title, hidden: !seen, points: 0, maxPoints, ...failure };
}

async function failureOf(
  trusted: TrustedCells,
  source: string,
  id: string,
): Promise<{ readonly status: "fail" | "error"; readonly message: string } | null> {
  try {
    await trusted.run(source, `check-${id}`);
    return null;
  } catch (error) {
    if (error instanceof CheckFailure)
      return { status: "fail", message: error.message.slice(0, MOST_MESSAGE) };
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { status: "error", message: what.slice(0, MOST_MESSAGE) };
  }
}

/** The checks of a task that could not be asked. */
export function unasked(
  cells: readonly AssignmentCell[],
  task: string,
  status: "fail" | "error",
  message: string,
): CheckResult[] {
  return cells
    .filter((cell) => cell.kind === "check" && cell.task === task)
    .map(({ id, title, hidden, points }) => ({
      id,
      title,
      hidden,
      points: 0,
      maxPoints: points,
      status,
      message,
    }));
}

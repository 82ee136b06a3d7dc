import type { Cell, CellMetadata, Notebook } from "../../base/notebook.js";
import { withCellIds } from "../../book/myst/cell-ids.js";
import type { PreparedTask } from "../../lab/task/prepared-task.js";
import { sealTask } from "../../lab/task/task.js";
import type { Assignment, AssignmentCell } from "./assignment.js";
import { nbgraderCell } from "./nbgrader-cell.js";
import { withOpened } from "./read-assignment.js";
import { CODE_STUB, onlyHidden, TEXT_STUB, withoutHidden, withoutSolutions } from "./regions.js";

/** How the teacher's checks read what was planted: `tunnel.secret.fault`. */
const SECRET = /\b[A-Za-z_$][\w$]*\.secret\b/g;

/** The notebook that a student gets: no solution, no hidden check, the tasks sealed into the cells that open them. */
export async function studentNotebook(
  assignment: Assignment,
  tasks: readonly PreparedTask[],
): Promise<Notebook> {
  const sealed = await sealAll(tasks);
  return notebookOf(assignment, (cell) => studentSource(cell, sealed));
}

/** The notebook with the solutions and the hidden checks, for one variant; also what `nbgrader generate_assignment` begins with. */
export async function teacherNotebook(
  assignment: Assignment,
  tasks: readonly PreparedTask[],
): Promise<Notebook> {
  const sealed = await sealAll(tasks);
  return notebookOf(assignment, (cell) => {
    if (cell.kind === "setup") return studentSource(cell, sealed);
    return cell.kind === "check" ? withSecret(cell, tasks) : cell.source;
  });
}

async function sealAll(tasks: readonly PreparedTask[]): Promise<ReadonlyMap<string, string>> {
  const entries = tasks.map(async (task): Promise<[string, string]> => [task.task, await sealTask(task)]);
  return new Map(await Promise.all(entries));
}

function studentSource(cell: AssignmentCell, sealed: ReadonlyMap<string, string>): string {
  switch (cell.kind) {
    case "setup":
      return withOpened(cell.source, (task) => JSON.stringify(sealed.get(task)));
    case "answer":
      return withoutSolutions(cell.source, CODE_STUB);
    case "explain":
      return withoutSolutions(cell.source, TEXT_STUB);
    case "check":
      return withoutHidden(cell.source);
    default:
      return cell.source;
  }
}

/** In a notebook nobody tells the checks what was planted, so it stands in them. */
function withSecret(cell: AssignmentCell, tasks: readonly PreparedTask[]): string {
  const secret = tasks.find(({ task }) => task === cell.task)?.secret ?? {};
  return onlyHidden(cell.source) === ""
    ? cell.source
    : cell.source.replace(SECRET, () => `(${JSON.stringify(secret)})`);
}

function notebookOf(assignment: Assignment, sourceOf: (cell: AssignmentCell) => string): Notebook {
  const shown = assignment.cells.filter(({ kind }) => kind !== "prepare");
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      // A name for the reader. The grader asks the folder what this is and whose.
      hopbook: { assignment: assignment.name, title: assignment.title },
      kernelspec: { name: "hopbook", display_name: "TypeScript (Hopbook)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" },
    },
    cells: withCellIds(shown.map((cell) => notebookCell(cell, sourceOf(cell)))),
  };
}

function notebookCell(cell: AssignmentCell, source: string): Cell {
  const nbgrader = nbgraderCell(cell, source);
  const metadata: CellMetadata = {
    ...(nbgrader === null ? {} : { nbgrader, deletable: false }),
    // JupyterLab refuses to change a locked cell.
    ...(nbgrader !== null && !nbgrader.solution ? { editable: false } : {}),
  };
  if (cell.kind === "prose" || cell.kind === "explain")
    return { cell_type: "markdown", id: "", metadata, source };
  return { cell_type: "code", id: "", metadata, source, execution_count: null, outputs: [] };
}

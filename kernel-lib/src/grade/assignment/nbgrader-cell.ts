import { createHash } from "node:crypto";
import type { AssignmentCell, CellKind } from "./assignment.js";

/** `metadata.nbgrader` of a cell, schema 3 (nbgrader 0.9.5, `nbgraderformat/v3.json`). */
export interface NbgraderCell {
  readonly schema_version: 3;
  readonly grade: boolean;
  readonly locked: boolean;
  readonly solution: boolean;
  readonly task: false;
  readonly grade_id: string;
  readonly points?: number;
  /** Of the cell as the student gets it. */
  readonly checksum?: string;
  readonly cell_type?: "code" | "markdown";
}

/** What nbgrader does with each kind: it runs grade cells, restores locked ones, and empties solutions. */
const ROLES: Readonly<Partial<Record<CellKind, Pick<NbgraderCell, "grade" | "locked" | "solution">>>> = {
  setup: { grade: false, locked: true, solution: false },
  answer: { grade: false, locked: false, solution: true },
  check: { grade: true, locked: true, solution: false },
  explain: { grade: true, locked: false, solution: true },
};

/** The metadata of a cell with this source; null for one that nbgrader leaves alone. */
export function nbgraderCell(cell: AssignmentCell, source: string): NbgraderCell | null {
  const role = ROLES[cell.kind];
  if (role === undefined) return null;
  const type = cell.kind === "explain" ? "markdown" : "code";
  const meta = { ...role, grade_id: cell.id, ...(role.grade ? { points: cell.points } : {}) };
  const checksum = cellChecksum(source, type, meta);
  return { schema_version: 3, task: false, ...meta, checksum, cell_type: type };
}

/**
 * nbgrader's checksum of a cell: MD5 over what must not change, each in Python's words (`nbgrader/utils.py`, `compute_checksum`). It is no protection: anybody
 * can compute it. It tells nbgrader which cells to restore, and which answers were not touched.
 */
export function cellChecksum(
  source: string,
  type: "code" | "markdown",
  { grade, solution, locked, grade_id, points = 0 }: Omit<NbgraderCell, "schema_version" | "task">,
): string {
  const python = (value: boolean) => (value ? "True" : "False");
  const isLocked = !solution && (grade || locked);
  const hash = createHash("md5");
  for (const text of [source, type, python(grade), python(solution), python(isLocked), grade_id])
    hash.update(text, "utf8");
  if (grade) hash.update(Number.isInteger(points) ? points.toFixed(1) : String(points));
  return hash.digest("hex");
}

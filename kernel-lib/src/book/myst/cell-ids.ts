import { createHash } from "node:crypto";
import { type Cell, joinText } from "../../base/notebook.js";

/**
 * An id from the cell's kind and source alone, so that a cell keeps it wherever it moves; the second and later cells with
 * one source are numbered in their order. Within nbformat's limits: 1 to 64 of `a-zA-Z0-9-_`.
 */
export function withCellIds(cells: readonly Cell[]): Cell[] {
  const seen = new Map<string, number>();
  return cells.map((cell) => {
    const text = `${cell.cell_type}\n${joinText(cell.source)}`;
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return { ...cell, id: count === 1 ? hash : `${hash}-${count}` };
  });
}

/** Gives the code cells whose source has not changed the outputs that they have in an earlier notebook. */
export function keepOutputs(cells: readonly Cell[], earlier: readonly Cell[]): Cell[] {
  const byId = new Map(earlier.map((cell) => [cell.id, cell]));
  return cells.map((cell) => {
    const before = byId.get(cell.id);
    if (cell.cell_type !== "code" || before?.cell_type !== "code") return cell;
    if (joinText(cell.source) !== joinText(before.source)) return cell;
    return { ...cell, execution_count: before.execution_count, outputs: before.outputs };
  });
}

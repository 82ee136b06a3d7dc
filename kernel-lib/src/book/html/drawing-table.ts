import type { PlotTable } from "./plot-table.js";

/** The mime type of what a drawing shows, in rows. */
export const TABLE_MIME = "application/vnd.hopbook.table+json";

/** More cells than this are no table for readers; a page would only grow by them. */
const MOST_CELLS = 20_000;

/** The table of an output, after a check of its shape: all of it becomes text. */
export function drawingTable(table: unknown, refuse: (why: string) => never): PlotTable {
  const { caption, head, rows } = (table ?? {}) as Partial<Record<keyof PlotTable, unknown>>;
  if (typeof caption !== "string" || !isWords(head))
    return refuse("a drawing's table must have a caption and a head");
  if (!Array.isArray(rows) || !rows.every((row) => isWords(row) && row.length === head.length))
    return refuse("each row of a drawing's table must have as many texts as its head");
  if (rows.length * head.length > MOST_CELLS) return refuse(`a drawing's table may have ${MOST_CELLS} cells`);
  return { caption, head, rows };
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

/** The mime type of a table: what a drawing shows, for readers who want it in words or do not see the drawing. */
export const TABLE_MIME = "application/vnd.hopbook.table+json";

/** What a drawing shows, as plain text in rows. */
export interface DrawingTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

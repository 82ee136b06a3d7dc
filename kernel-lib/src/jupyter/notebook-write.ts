import { type Notebook as StoredNotebook, stringifyNotebook } from "../base/notebook.js";
import type { Cell, Notebook } from "./notebook.js";

/**
 * The text of a notebook file, byte for byte as nbformat's own writer gives it. Times of execution are left out, so that the same run
 * gives the same file.
 */
export function writeNotebook(notebook: Notebook): string {
  const metadata = Object.entries(notebook.metadata).filter(([key]) => !TRANSIENT.has(key));
  const plain = {
    ...notebook,
    metadata: Object.fromEntries(metadata),
    cells: notebook.cells.map(withoutSession),
  };
  return stringifyNotebook(plain as unknown as StoredNotebook);
}

/** Metadata of one front end's session, not of the notebook. */
const TRANSIENT = new Set(["orig_nbformat", "orig_nbformat_minor", "signature"]);

function withoutSession(cell: Cell): Cell {
  const { execution: _times, trusted: _trust, ...metadata } = cell.metadata;
  return { ...cell, metadata };
}

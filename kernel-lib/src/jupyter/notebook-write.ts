import { type Cell, isCode, type Notebook, type Output } from "./notebook.js";

/**
 * The text of a notebook file, byte for byte as nbformat's own writer gives it: keys sorted, one space of indent, texts split
 * into lines, one newline at the end. Times of execution are left out, so that the same run gives the same file.
 */
export function writeNotebook(notebook: Notebook): string {
  const { cells, metadata, nbformat, nbformat_minor } = notebook;
  const plain = { cells: cells.map(plainCell), metadata: plainMetadata(metadata), nbformat, nbformat_minor };
  return `${JSON.stringify(sortKeys(plain), null, 1)}\n`;
}

/** Metadata of one front end's session, not of the notebook. */
const TRANSIENT = new Set(["orig_nbformat", "orig_nbformat_minor", "signature"]);

function plainMetadata(metadata: Notebook["metadata"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !TRANSIENT.has(key)));
}

function plainCell(cell: Cell): Record<string, unknown> {
  const { execution: _times, trusted: _trust, ...metadata } = cell.metadata;
  const source = splitLines(cell.source);
  if (isCode(cell)) return { ...cell, metadata, source, outputs: cell.outputs.map(plainOutput) };
  if (!cell.attachments) return { ...cell, metadata, source };
  const attachments = Object.entries(cell.attachments).map(([name, data]) => [name, splitBundle(data)]);
  return { ...cell, metadata, source, attachments: Object.fromEntries(attachments) };
}

function plainOutput(output: Output): Record<string, unknown> {
  if (output.output_type === "stream") return { ...output, text: splitLines(output.text) };
  if (output.output_type === "error") return { ...output };
  return { ...output, data: splitBundle(output.data) };
}

/** The mime types, beside `text/*`, whose text is stored as a list of lines (nbformat v4, rwbase). */
const SPLIT_TYPES = new Set(["application/javascript", "image/svg+xml"]);

function splitBundle(data: Record<string, unknown>): Record<string, unknown> {
  const split = ([type, value]: [string, unknown]): [string, unknown] => {
    const isText = type.startsWith("text/") || SPLIT_TYPES.has(type);
    return [type, isText && typeof value === "string" ? splitLines(value) : value];
  };
  return Object.fromEntries(Object.entries(data).map(split));
}

/** Splits behind each line end as Python's `str.splitlines(True)` does, which knows more line ends than `\n`. */
function splitLines(text: string): string[] {
  return (
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? []
  );
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

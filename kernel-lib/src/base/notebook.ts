/**
 * A Jupyter notebook as nbformat 4.5 stores it, and the one way this project writes it to disk.
 * Source: nbformat's `nbformat.v4.5.schema.json` and `nbformat/v4/nbjson.py`.
 */

/** Text that a file may hold as one string or as an array of lines, each with its line end. */
export type MultilineText = string | string[];

/** One output in several forms, keyed by mime type. JSON mime types hold values, all others text. */
export type OutputData = { [mimeType: string]: unknown };

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: MultilineText;
}

export interface DisplayDataOutput {
  output_type: "display_data";
  data: OutputData;
  metadata: Record<string, unknown>;
}

export interface ExecuteResultOutput {
  output_type: "execute_result";
  data: OutputData;
  metadata: Record<string, unknown>;
  execution_count: number | null;
}

export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

export type Output = StreamOutput | DisplayDataOutput | ExecuteResultOutput | ErrorOutput;

export interface CellMetadata {
  tags?: string[];
  [key: string]: unknown;
}

/** Files pasted into a markdown cell: name → mime type → base64 or text. */
export type Attachments = Record<string, Record<string, MultilineText>>;

export interface MarkdownCell {
  cell_type: "markdown";
  id: string;
  metadata: CellMetadata;
  source: MultilineText;
  attachments?: Attachments;
}

export interface RawCell {
  cell_type: "raw";
  id: string;
  metadata: CellMetadata;
  source: MultilineText;
  attachments?: Attachments;
}

export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: CellMetadata;
  source: MultilineText;
  execution_count: number | null;
  outputs: Output[];
}

export type Cell = MarkdownCell | RawCell | CodeCell;

export interface Kernelspec {
  name: string;
  display_name: string;
  language?: string;
}

export interface NotebookMetadata {
  kernelspec?: Kernelspec;
  language_info?: { name: string; [key: string]: unknown };
  [key: string]: unknown;
}

export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: NotebookMetadata;
  cells: Cell[];
}

/** The text of a source, a stream or an output, whichever of the two forms the file used. */
export function joinText(text: MultilineText): string {
  return typeof text === "string" ? text : text.join("");
}

/** Ends of line as Python's `str.splitlines` sees them: nbformat splits with it. */
const LINE =
  /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;

/** The lines of a text, each with its line end; no line for the empty text. */
export function splitText(text: MultilineText): string[] {
  return joinText(text).match(LINE) ?? [];
}

/** True for the mime types that nbformat stores as arrays of lines. Base64 images and JSON stay as they are. */
function isLineMime(mimeType: string): boolean {
  return (
    mimeType.startsWith("text/") || mimeType === "image/svg+xml" || mimeType === "application/javascript"
  );
}

function isText(value: unknown): value is MultilineText {
  return (
    typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"))
  );
}

function canonicalData(data: OutputData): OutputData {
  const lines = (mimeType: string, value: unknown) =>
    isLineMime(mimeType) && isText(value) ? splitText(value) : value;
  return Object.fromEntries(
    Object.entries(data).map(([mimeType, value]) => [mimeType, lines(mimeType, value)]),
  );
}

function canonicalOutput(output: Output): Output {
  switch (output.output_type) {
    case "stream":
      return { ...output, text: splitText(output.text) };
    case "display_data":
    case "execute_result":
      return { ...output, data: canonicalData(output.data) };
    case "error":
      return output;
  }
}

function canonicalAttachments(attachments: Attachments | undefined): { attachments?: Attachments } {
  if (attachments === undefined) return {};
  const files = Object.entries(attachments).map(([name, data]) => [name, canonicalData(data)]);
  return { attachments: Object.fromEntries(files) as Attachments };
}

function canonicalCell(cell: Cell): Cell {
  const source = splitText(cell.source);
  if (cell.cell_type !== "code") return { ...cell, source, ...canonicalAttachments(cell.attachments) };
  return { ...cell, source, outputs: cell.outputs.map(canonicalOutput) };
}

/** The same JSON value with the keys of every object in order: two values are equal when their texts are. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/**
 * The file's text: keys sorted, one space of indent, texts as arrays of lines, a newline at the end; what nbformat
 * itself writes, so that Jupyter saving an unchanged notebook leaves no difference.
 * Divergence: Python writes the float 1.0 as `1.0`, JavaScript as `1`.
 */
export function stringifyNotebook(notebook: Notebook): string {
  const canonical = { ...notebook, cells: notebook.cells.map(canonicalCell) };
  return `${JSON.stringify(sortKeys(canonical), null, 1)}\n`;
}

/** A notebook of nbformat 4.5 in memory: texts are joined, whatever form the file had. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: readonly Cell[];
}

export type Cell = CodeCell | TextCell;

interface CellBase {
  /** Unique in the notebook: 1 to 64 letters, digits, `-` and `_`. */
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly source: string;
}

export interface CellMetadata {
  readonly tags?: readonly string[];
  readonly [key: string]: unknown;
}

export interface CodeCell extends CellBase {
  readonly cell_type: "code";
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface TextCell extends CellBase {
  readonly cell_type: "markdown" | "raw";
  /** File name to mime bundle (base64). */
  readonly attachments?: Readonly<Record<string, Record<string, unknown>>>;
}

export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  text: string;
}

export interface DisplayOutput {
  readonly output_type: "display_data";
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface ResultOutput {
  readonly output_type: "execute_result";
  readonly execution_count: number | null;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface ErrorOutput {
  readonly output_type: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** The nbformat minor version that is written: cells have ids from 4.5 on. */
export const NBFORMAT_MINOR = 5;

export const isCode = (cell: Cell): cell is CodeCell => cell.cell_type === "code";

/** Whether a cell has a tag (`raises-exception`, `hide-input` …). */
export const hasTag = (cell: Cell, tag: string): boolean => cell.metadata.tags?.includes(tag) ?? false;

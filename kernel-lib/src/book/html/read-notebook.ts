import type { Cell, MultilineText, Notebook, Output } from "../../base/notebook.js";
import { PageError } from "./page-error.js";
import { upgradeNotebook } from "./upgrade-notebook.js";

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isMultiline(value: unknown): value is MultilineText {
  return (
    typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"))
  );
}

/**
 * Reads a notebook that this project need not have made: format 4, any minor version, and format 3. Cells without an id (before 4.5)
 * get one from their number. Throws {@link PageError} with the number of the cell that is not as the format says.
 */
export function readNotebook(text: string): Notebook {
  const read = parse(text);
  const file = read.nbformat === 3 ? upgradeNotebook(read) : read;
  if (file.nbformat !== 4)
    throw new Error(`notebooks of the formats 3 and 4 are read here, not ${String(read.nbformat)}`);
  if (!Array.isArray(file.cells)) throw new Error("the notebook has no array “cells”");
  return {
    nbformat: 4,
    nbformat_minor: typeof file.nbformat_minor === "number" ? file.nbformat_minor : 5,
    metadata: isFields(file.metadata) ? file.metadata : {},
    cells: file.cells.map((cell, i) => readCell(cell, i + 1)),
  };
}

function parse(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the notebook is not JSON: ${(error as Error).message}`);
  }
  if (!isFields(value)) throw new Error("the notebook is not a JSON object");
  return value;
}

function readCell(value: unknown, number: number): Cell {
  if (!isFields(value)) throw new PageError(number, "it is not an object");
  const { cell_type: type, id, metadata, source, attachments } = value;
  if (!isMultiline(source)) throw new PageError(number, "its source is neither text nor lines");
  const common = { id: cellId(id, number), metadata: isFields(metadata) ? metadata : {}, source };
  if (type === "markdown" || type === "raw") {
    const files = isFields(attachments) ? { attachments: readAttachments(attachments, number) } : {};
    return { ...common, cell_type: type, ...files };
  }
  if (type !== "code") throw new PageError(number, `its type “${String(type)}” is not known`);
  const outputs = Array.isArray(value.outputs) ? value.outputs : [];
  const count = typeof value.execution_count === "number" ? value.execution_count : null;
  return {
    ...common,
    cell_type: "code",
    execution_count: count,
    outputs: outputs.map((output) => readOutput(output, number)),
  };
}

/** The anchor of the cell on its page, so only what nbformat allows in an id. */
function cellId(id: unknown, number: number): string {
  if (id === undefined) return String(number);
  if (typeof id === "string" && /^[\w-]{1,64}$/.test(id)) return id;
  throw new PageError(number, "its id is not 1 to 64 letters, digits, “-” and “_”");
}

function readAttachments(files: Fields, number: number): Record<string, Record<string, MultilineText>> {
  const read: Record<string, Record<string, MultilineText>> = {};
  for (const [name, forms] of Object.entries(files)) {
    if (!isFields(forms) || !Object.values(forms).every(isMultiline))
      throw new PageError(number, `attachment “${name}” is damaged`);
    read[name] = forms as Record<string, MultilineText>;
  }
  return read;
}

function readOutput(value: unknown, number: number): Output {
  const broken = (what: string): never => {
    throw new PageError(number, what);
  };
  if (!isFields(value)) return broken("an output is not an object");
  switch (value.output_type) {
    case "stream":
      if (!isMultiline(value.text)) return broken("a stream's text is neither text nor lines");
      return { output_type: "stream", name: value.name === "stderr" ? "stderr" : "stdout", text: value.text };
    case "error":
      return {
        output_type: "error",
        ename: String(value.ename),
        evalue: String(value.evalue),
        traceback: isMultiline(value.traceback) ? [value.traceback].flat() : [],
      };
    case "display_data":
      return { output_type: "display_data", data: readData(value.data, number), metadata: {} };
    case "execute_result":
      return {
        output_type: "execute_result",
        data: readData(value.data, number),
        metadata: {},
        execution_count: typeof value.execution_count === "number" ? value.execution_count : null,
      };
    default:
      return broken(`output type “${String(value.output_type)}” is not known`);
  }
}

function readData(data: unknown, number: number): Record<string, unknown> {
  if (!isFields(data)) throw new PageError(number, "an output has no data");
  for (const [mimeType, value] of Object.entries(data)) {
    const json = /[/+]json$/.test(mimeType);
    if (!json && !isMultiline(value))
      throw new PageError(number, `its output of type ${mimeType} is neither text nor lines`);
  }
  return { ...data };
}

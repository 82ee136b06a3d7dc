import { PageError } from "./page-error.js";

type Fields = Readonly<Record<string, unknown>>;

/** Names of formats in outputs of nbformat 3 that version 4 writes as mime types. */
const MIME: Readonly<Record<string, string>> = {
  text: "text/plain",
  html: "text/html",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  latex: "text/latex",
  json: "application/json",
  javascript: "application/javascript",
};

/**
 * A notebook of format 3 (IPython up to 2015) in the form of format 4: worksheets become one row of cells, headings Markdown, `pyout` and `pyerr` the outputs
 * of today. Source: nbformat's `v4/convert.py`. Throws {@link PageError} for a cell of no kind that format 3 has.
 */
export function upgradeNotebook(file: Fields): Fields {
  const sheets = Array.isArray(file.worksheets) ? (file.worksheets as unknown[]) : [];
  const cells = sheets.flatMap((sheet) =>
    Array.isArray((sheet as Fields)?.cells) ? (sheet as { cells: unknown[] }).cells : [],
  );
  return {
    nbformat: 4,
    nbformat_minor: 0,
    metadata: file.metadata,
    cells: cells.map((cell, i) => upgradeCell(cell, i + 1)),
  };
}

function upgradeCell(value: unknown, number: number): unknown {
  if (value === null || typeof value !== "object") return value;
  const cell = value as Fields;
  const { metadata, source } = cell;
  switch (cell.cell_type) {
    case "code":
      return {
        cell_type: "code",
        metadata,
        source: cell.input,
        execution_count: cell.prompt_number,
        outputs: Array.isArray(cell.outputs) ? cell.outputs.map(upgradeOutput) : [],
      };
    case "heading": {
      const level = typeof cell.level === "number" ? Math.min(6, Math.max(1, cell.level)) : 1;
      const text = (Array.isArray(source) ? source.join("") : String(source)).replace(/\s+/g, " ");
      return { cell_type: "markdown", metadata, source: `${"#".repeat(level)} ${text}` };
    }
    case "markdown":
    case "html":
      return { cell_type: "markdown", metadata, source };
    case "raw":
      return { cell_type: "raw", metadata, source };
    default:
      throw new PageError(number, `its type “${String(cell.cell_type)}” is not known`);
  }
}

function upgradeOutput(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  const { output_type: type, prompt_number, stream, metadata, ...rest } = value as Fields;
  switch (type) {
    case "stream":
      return { output_type: type, name: stream === "stderr" ? "stderr" : "stdout", text: rest.text };
    case "pyerr":
      return { ...rest, output_type: "error" };
    case "pyout":
      return {
        output_type: "execute_result",
        execution_count: prompt_number,
        metadata,
        data: upgradeData(rest),
      };
    case "display_data":
      return { output_type: type, metadata, data: upgradeData(rest) };
    default:
      return value;
  }
}

/** Format 3 kept the forms of a value beside the output's other fields, and JSON as text. */
function upgradeData(forms: Fields): Fields {
  const entries = Object.entries(forms).map(([name, content]): [string, unknown] => {
    const mimeType = MIME[name] ?? name;
    return [mimeType, mimeType === "application/json" ? readJson(content) : content];
  });
  return Object.fromEntries(entries);
}

function readJson(content: unknown): unknown {
  const text = Array.isArray(content) ? content.join("") : content;
  try {
    return typeof text === "string" ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

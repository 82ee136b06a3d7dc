import { type Cell, NBFORMAT_MINOR, type Notebook, type Output } from "./notebook.js";

/** A file that is no notebook, or one that cannot be run. The message is for the reader and begins with the file's name. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
}

type Json = Record<string, unknown>;

/** Reads a notebook of nbformat 4; `name` stands in messages. Cells without an id (before 4.5) get one from their place. */
export function parseNotebook(text: string, name: string): Notebook {
  const reader = new Reader(name);
  const raw = reader.json(text);
  const cells = reader.list(raw.cells, "cells").map((cell, i) => reader.cell(cell, i + 1));
  reader.uniqueIds(cells);
  return {
    nbformat: 4,
    nbformat_minor: Math.max(NBFORMAT_MINOR, raw.nbformat_minor as number),
    metadata: reader.object(raw.metadata ?? {}, "metadata"),
    cells,
  };
}

class Reader {
  constructor(readonly name: string) {}

  fail(what: string): never {
    throw new NotebookError(`${this.name}: ${what}`);
  }

  json(text: string): Json {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch (error) {
      this.fail(`not a notebook: the file is not JSON (${(error as Error).message})`);
    }
    const notebook = this.object(raw, "the notebook");
    const { nbformat } = notebook;
    if (nbformat === undefined) this.fail("not a notebook: it has no nbformat");
    if (typeof nbformat === "number" && nbformat < 4)
      this.fail(
        `the notebook has format ${nbformat}; only format 4 is supported. ` +
          "Convert it with: jupyter nbconvert --to notebook --inplace FILE",
      );
    if (nbformat !== 4)
      this.fail(`the notebook has format ${JSON.stringify(nbformat)}; only format 4 is supported`);
    if (!Number.isInteger(notebook.nbformat_minor)) this.fail("not a notebook: it has no nbformat_minor");
    return notebook;
  }

  object(value: unknown, where: string): Json {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.fail(`${where} is not an object`);
    return value as Json;
  }

  list(value: unknown, where: string): unknown[] {
    if (!Array.isArray(value)) this.fail(`${where} is not a list`);
    return value as unknown[];
  }

  /** A text is a string, or a list of strings to be joined. */
  text(value: unknown, where: string): string {
    if (typeof value === "string") return value;
    if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
    return this.fail(`${where} is neither a text nor a list of lines`);
  }

  cell(value: unknown, number: number): Cell {
    const where = `cell ${number}`;
    const raw = this.object(value, where);
    const id = raw.id ?? `cell-${number}`;
    if (typeof id !== "string" || !/^[a-zA-Z0-9-_]{1,64}$/.test(id))
      this.fail(`${where} has the id ${JSON.stringify(id)}, which is not 1 to 64 letters, digits, - and _`);
    const metadata = this.object(raw.metadata ?? {}, `metadata of ${where}`);
    const base = { id, metadata, source: this.text(raw.source, `source of ${where}`) };
    if (raw.cell_type === "code") {
      const outputs = this.list(raw.outputs ?? [], `outputs of ${where}`);
      const execution_count = typeof raw.execution_count === "number" ? raw.execution_count : null;
      return {
        ...base,
        cell_type: "code",
        execution_count,
        outputs: outputs.map((output, i) => this.output(output, `output ${i + 1} of ${where}`)),
      };
    }
    if (raw.cell_type !== "markdown" && raw.cell_type !== "raw")
      this.fail(`${where} has the unknown type ${JSON.stringify(raw.cell_type)}`);
    if (raw.attachments === undefined) return { ...base, cell_type: raw.cell_type };
    const attachments = this.object(raw.attachments, `attachments of ${where}`) as Record<string, Json>;
    return { ...base, cell_type: raw.cell_type, attachments };
  }

  output(value: unknown, where: string): Output {
    const raw = this.object(value, where);
    switch (raw.output_type) {
      case "stream":
        return {
          output_type: "stream",
          name: raw.name === "stderr" ? "stderr" : "stdout",
          text: this.text(raw.text, `text of ${where}`),
        };
      case "display_data":
        return { output_type: "display_data", ...this.bundle(raw, where) };
      case "execute_result": {
        const execution_count = typeof raw.execution_count === "number" ? raw.execution_count : null;
        return { output_type: "execute_result", execution_count, ...this.bundle(raw, where) };
      }
      case "error": {
        const traceback = this.list(raw.traceback ?? [], `traceback of ${where}`).map(String);
        return { output_type: "error", ename: String(raw.ename), evalue: String(raw.evalue), traceback };
      }
      default:
        return this.fail(`${where} has the unknown type ${JSON.stringify(raw.output_type)}`);
    }
  }

  bundle(raw: Json, where: string): { data: Json; metadata: Json } {
    const data: Json = {};
    for (const [type, value] of Object.entries(this.object(raw.data ?? {}, `data of ${where}`)))
      data[type] =
        Array.isArray(value) && !isJsonMime(type) ? this.text(value, `${type} of ${where}`) : value;
    return { data, metadata: this.object(raw.metadata ?? {}, `metadata of ${where}`) };
  }

  uniqueIds(cells: readonly Cell[]): void {
    const seen = new Set<string>();
    for (const { id } of cells) {
      if (seen.has(id)) this.fail(`two cells have the id ${JSON.stringify(id)}`);
      seen.add(id);
    }
  }
}

/** Mime types whose data is JSON itself, not text (nbformat v4, rwbase). */
export function isJsonMime(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

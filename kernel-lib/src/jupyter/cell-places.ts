import { SourceMap, type SourceMapPayload } from "node:module";
import type { SourceMaps } from "./tslab.js";

/** V8 knows a cell's script by this name; a reader knows it as `cell [3]`. */
const SCRIPT_NAME = "hopbook-cell-";
const IN_STACK = new RegExp(`${SCRIPT_NAME}(\\d+):(\\d+):(\\d+)`);

/** The executor puts this before the compiled code, on its first line. */
const WRAPPERS = { sync: "(function(exports, require) { ", async: "(async function(exports, require) { " };

interface Cell {
  readonly label: string;
  readonly source: string;
  maps: readonly [SourceMap, SourceMap] | null;
  prefixLength: number;
  lines: number;
}

/** Where a cell's compiled code came from: turns V8's positions into lines of the cell. */
export class CellPlaces {
  readonly #cells: Cell[] = [];

  /** Opens the next cell; what is compiled from now on belongs to it. */
  open(label: string, source: string): void {
    this.#cells.push({ label, source, maps: null, prefixLength: 0, lines: 0 });
  }

  get current(): { readonly label: string; readonly source: string } {
    return this.#cells.at(-1) ?? { label: "cell", source: "" };
  }

  /** Notes the maps of the cell that is open, and gives its code a name that stack traces show. */
  name(code: string, maps: SourceMaps | null, isAsync: boolean): string {
    const cell = this.#cells.at(-1);
    if (!cell) return code;
    cell.maps = maps?.[0] && maps[1] ? [readMap(maps[0]), readMap(maps[1])] : null;
    cell.prefixLength = (isAsync ? WRAPPERS.async : WRAPPERS.sync).length;
    cell.lines = code.split("\n").length;
    return `${code}\n//# sourceURL=${SCRIPT_NAME}${this.#cells.length - 1}`;
  }

  /** The line of a label's cell, for the excerpt in a traceback. */
  line(label: string, line: number): string | undefined {
    return this.#cells.findLast((cell) => cell.label === label)?.source.split("\n")[line - 1];
  }

  /**
   * Makes every stack trace of the process speak of cells: places are mapped, and what lies beneath the cell (the executor,
   * the thread's message loop) is left out.
   */
  install(): void {
    Error.stackTraceLimit = 50;
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.map((site) => this.#frame(site.toString()));
      const last = frames.findLastIndex((frame) => frame.inCell);
      const shown = (last < 0 ? frames : frames.slice(0, last + 1)).flatMap((frame) => frame.text ?? []);
      return [headline(error), ...shown.map((text) => `    at ${text}`)].join("\n");
    };
  }

  #frame(text: string): { text: string | null; inCell: boolean } {
    const found = IN_STACK.exec(text);
    const cell = found && this.#cells[Number(found[1])];
    if (!cell) return { text, inCell: false };
    const line = Number(found[2]);
    // Behind the code is only the call of the wrapper.
    if (line > cell.lines) return { text: null, inCell: true };
    const place = this.#original(cell, line, Number(found[3]));
    return {
      text: text.replace(IN_STACK, `${cell.label}:${place}`).replace(/^eval \(?|^Object\./, ""),
      inCell: true,
    };
  }

  /** `line:column` in the cell, both from 1. The compiler saw one line before the cell's first. */
  #original(cell: Cell, line: number, column: number): string {
    if (!cell.maps) return `${line}:${column}`;
    const offset = line === 1 ? cell.prefixLength : 0;
    const [toModule, toCommonJs] = cell.maps;
    const middle = toCommonJs.findEntry(line - 1, Math.max(0, column - 1 - offset));
    if (!("originalLine" in middle)) return `${line}:${column}`;
    const entry = toModule.findEntry(middle.originalLine, middle.originalColumn);
    if (!("originalLine" in entry)) return `${line}:${column}`;
    return `${Math.max(1, entry.originalLine)}:${entry.originalColumn + 1}`;
  }
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function readMap(json: string): SourceMap {
  return new SourceMap(JSON.parse(json) as SourceMapPayload);
}

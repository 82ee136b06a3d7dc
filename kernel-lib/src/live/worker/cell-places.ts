import { EVAL_COLUMNS } from "./eval-by-blob.js";

/** V8 knows a cell's script by this name; a reader knows it as `cell [3]`. */
const SCRIPT = "hopbook-cell-";
const PLACE = new RegExp(`${SCRIPT}(\\d+):(\\d+):(\\d+)`);

interface Cell {
  readonly lines: readonly string[];
  shifts: ReadonlyMap<number, number>;
}

/** The sources of the cells that have run: turns V8's places into lines of a cell. */
export class CellPlaces {
  private readonly cells = new Map<number, Cell>();

  /** The name of a cell's script. */
  open(count: number, source: string): string {
    this.cells.set(count, { lines: source.split("\n"), shifts: new Map() });
    return `${SCRIPT}${count}`;
  }

  /** Notes by how many columns the lines of a cell were moved to the right. */
  move(count: number, shifts: ReadonlyMap<number, number>): void {
    const first = EVAL_COLUMNS + (shifts.get(1) ?? 0);
    this.cells.get(count)!.shifts = new Map([...shifts, [1, first]]);
  }

  line(label: string, line: number): string | undefined {
    return this.cells.get(Number(/\d+/.exec(label)?.[0]))?.lines[line - 1];
  }

  /**
   * Makes an error's stack speak of cells; what lies outside them (the library, the worker) is left out. A line with types in it has lost them before
   * it runs, so its columns are a little small.
   */
  shorten(error: unknown): void {
    if (!(error instanceof Error) || typeof error.stack !== "string") return;
    const lines = error.stack.split("\n");
    const first = lines.findIndex((line) => /^ {4}at /.test(line));
    if (first < 0) return;
    const calls = lines.slice(first).flatMap((line) => this.call(line) ?? []);
    error.stack = [...lines.slice(0, first), ...calls].join("\n");
  }

  /** A line of a stack as a reader knows the place; null for one outside the cells. */
  private call(text: string): string | null {
    const found = PLACE.exec(text);
    const cell = found && this.cells.get(Number(found[1]));
    if (!cell) return null;
    const line = Number(found[2]);
    // Behind the code is only the call of the function around it.
    if (line > cell.lines.length) return null;
    const column = Math.max(1, Number(found[3]) - (cell.shifts.get(line) ?? 0));
    return text
      .replace(PLACE, `cell [${found[1]}]:${line}:${column}`)
      .replace(/at (?:async )?(?:self\.\S+|eval) \((.*)\)$/, "at $1")
      .replace("at Object.", "at ");
  }
}

/** V8 knows a cell's script by this name; a reader knows it as `cell [3]`. */
const SCRIPT = "hopbook-cell-";
const PLACE = new RegExp(`${SCRIPT}(\\d+):(\\d+):(\\d+)`, "g");

/** The sources of the cells that have run, for the excerpt in a traceback. */
export class CellPlaces {
  private readonly sources = new Map<string, string>();

  /** The name of a cell's script. */
  open(count: number, source: string): string {
    this.sources.set(`cell [${count}]`, source);
    return `${SCRIPT}${count}`;
  }

  line(label: string, line: number): string | undefined {
    return this.sources.get(label)?.split("\n")[line - 1];
  }

  /**
   * An error's stack that speaks of cells; what lies outside them (the library, the worker) is left out. Places are of the text that runs: the same
   * lines, but columns move where a type stood.
   */
  shorten(error: unknown): void {
    if (!(error instanceof Error) || typeof error.stack !== "string") return;
    const lines = error.stack.split("\n");
    const first = lines.findIndex((line) => /^ {4}at /.test(line));
    if (first < 0) return;
    const calls = lines.slice(first).filter((line) => line.includes(SCRIPT));
    const shown = calls.map((line) =>
      line.replace(PLACE, "cell [$1]:$2:$3").replace(/at (?:self\.\S+|eval) \((.*)\)$/, "at $1"),
    );
    error.stack = [...lines.slice(0, first), ...shown].join("\n");
  }
}

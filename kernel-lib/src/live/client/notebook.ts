import type { Output } from "../../base/notebook.js";
import { Kernel } from "./kernel.js";
import { type CellSource, type Displays, LiveCell } from "./live-cell.js";
import type { LivePage } from "./page-window.js";

/** The cells of a page, and the order in which they run. */
export class LiveNotebook implements LivePage {
  readonly cells: readonly LiveCell[];
  private readonly kernel = new Kernel();
  private displays: Displays = new Map();
  /** Cells before this one have run in the worker that runs now. */
  private next = 0;
  private queue: Promise<boolean> = Promise.resolve(true);
  /** Counts the workers: what was asked of an earlier one does not run in a later. */
  private life = 0;
  private pending = 0;
  /** Told of every change: what runs now, or the words of an end. */
  onStatus: (text: string, busy: boolean) => void = () => undefined;

  constructor(sources: readonly CellSource[]) {
    this.cells = sources.map((source, i) => new LiveCell(source, i + 1));
  }

  get busy(): boolean {
    return this.pending > 0;
  }

  /** Makes the worker ready while the reader still thinks. */
  warm(): void {
    void this.kernel.start().catch(() => undefined);
  }

  /** Runs every cell from the first, in a new worker. */
  runAll(): Promise<boolean> {
    this.end("stopped");
    return this.enqueue(this.cells);
  }

  /** Runs a cell; cells above it that have not run yet run first, as what they declare is needed. */
  run(id: string): Promise<boolean> {
    const index = this.cells.findIndex(({ given }) => given.id === id);
    if (index < 0) throw new RangeError(`no cell "${id}"`);
    return this.enqueue(index < this.next ? [this.cells[index]!] : this.cells.slice(this.next, index + 1));
  }

  stop(): void {
    this.end("stopped");
    this.onStatus("Stopped. The labs are gone: a run begins with the first cell.", false);
  }

  /** The page as it came. */
  reset(): void {
    this.end("rest");
    for (const cell of this.cells) cell.reset();
    this.onStatus("Reset: every cell is as the book has it.", false);
  }

  outputs(id: string): readonly Output[] {
    return this.cells.find(({ given }) => given.id === id)?.outputs ?? [];
  }

  setSource(id: string, source: string): void {
    this.cells.find(({ given }) => given.id === id)?.setSource(source);
  }

  private end(state: "stopped" | "rest"): void {
    this.life += 1;
    this.kernel.stop();
    this.displays = new Map();
    this.next = 0;
    this.pending = 0;
    this.queue = Promise.resolve(true);
    for (const cell of this.cells)
      if (cell.state === "waiting" || cell.state === "running") cell.setState(state);
  }

  private enqueue(cells: readonly LiveCell[]): Promise<boolean> {
    const { life } = this;
    this.pending += cells.length;
    for (const cell of cells) cell.setState("waiting");
    this.queue = this.queue.then(() => this.runInOrder(cells, life));
    return this.queue;
  }

  /** Whether all of them worked. A cell that fails ends the row, but for one that is meant to. */
  private async runInOrder(cells: readonly LiveCell[], life: number): Promise<boolean> {
    for (const [i, cell] of cells.entries()) {
      if (life !== this.life) return false;
      const number = this.cells.indexOf(cell) + 1;
      this.onStatus(`Running cell ${number} of ${this.cells.length}…`, true);
      const ok = await this.runOne(cell, life);
      if (life !== this.life) return false;
      this.pending -= 1;
      this.next = Math.max(this.next, number);
      if (ok || cell.given.tags.includes("raises-exception")) continue;
      for (const left of cells.slice(i + 1)) left.setState("rest");
      this.pending -= cells.length - i - 1;
      this.onStatus(`Cell ${number} failed.`, this.busy);
      return false;
    }
    this.onStatus(this.busy ? "Running…" : "Done.", this.busy);
    return true;
  }

  private async runOne(cell: LiveCell, life: number): Promise<boolean> {
    if (cell.source.trim() === "") {
      cell.setState("done");
      return true;
    }
    try {
      const end = await cell.run(this.kernel, this.displays);
      return end?.ok === true;
    } catch (error) {
      if (life === this.life) cell.setState("failed");
      this.onStatus(error instanceof Error ? error.message : String(error), false);
      return false;
    }
  }
}

import type { Nanoseconds } from "../../base/units.js";
import { rateDigits, rateOf, secondsText, shortTime } from "./sizes.js";

const DOT = 1024;
const DOTS_IN_CLUSTER = 10;
const DOTS_IN_LINE = 50;
const ROW = DOT * DOTS_IN_LINE;

/** wget's dots (progress.c), which it draws where standard error is no terminal: a dot for each kibibyte, fifty in a row. */
export class DotProgress {
  private rows = 0;
  private dots = 0;
  private gathered = 0;
  private rowBeganAt: Nanoseconds = 0;

  constructor(
    /** Bytes expected; 0 when unknown. */
    private readonly total: number,
    private readonly write: (text: string) => void,
  ) {}

  /** More bytes came; `elapsed` since the transfer began. */
  update(bytes: number, elapsed: Nanoseconds): void {
    this.gathered += bytes;
    for (; this.gathered >= DOT; this.gathered -= DOT) {
      if (this.dots === 0) this.beginRow();
      if (this.dots % DOTS_IN_CLUSTER === 0) this.write(" ");
      this.write(".");
      if (++this.dots < DOTS_IN_LINE) continue;
      this.rows++;
      this.dots = 0;
      this.endRow(this.rows * ROW, ROW, elapsed);
      this.write(this.eta(this.rows * ROW, elapsed));
    }
  }

  finish(elapsed: Nanoseconds): void {
    if (this.dots === 0) this.beginRow();
    for (let i = this.dots; i < DOTS_IN_LINE; i++) this.write(i % DOTS_IN_CLUSTER === 0 ? "  " : " ");
    const inRow = this.dots * DOT + this.gathered;
    this.endRow(this.rows * ROW + inRow, inRow, elapsed);
    const time = elapsed >= 1e9 ? shortTime(elapsed / 1e9 + 0.5, false) : `${secondsText(elapsed)}s`;
    this.write(`=${time}\n\n`);
  }

  private beginRow(): void {
    this.write(`\n${String((this.rows * ROW) / 1024).padStart(6)}K`);
  }

  private endRow(shown: number, inRow: number, elapsed: Nanoseconds): void {
    if (this.total > 0) this.write(`${String(Math.floor((100 * shown) / this.total)).padStart(3)}%`);
    const { value, unit } = rateOf(inRow, elapsed - this.rowBeganAt);
    this.write(` ${rateDigits(value).padStart(4)}${" KMGT"[unit]}`);
    this.rowBeganAt = elapsed;
  }

  private eta(shown: number, elapsed: Nanoseconds): string {
    if (this.total === 0) return "";
    return ` ${shortTime(((elapsed / 1e9) * (this.total - shown)) / shown, true)}`;
  }
}

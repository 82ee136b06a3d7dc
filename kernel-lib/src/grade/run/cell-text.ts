/** Characters that one cell's text may have, and all cells' together: enough for a person to read. */
const CELL_CHARS = 20_000;
const ALL_CHARS = 200_000;

const CUT = "\n… (more was printed)\n";

/** What the cells print, within limits. */
export class CellText {
  private text = "";
  private cut = false;
  private left = ALL_CHARS;

  readonly print = (_stream: "stdout" | "stderr", text: string): void => {
    const room = Math.min(CELL_CHARS - this.text.length, this.left);
    this.text += text.slice(0, Math.max(0, room));
    this.left -= Math.min(text.length, Math.max(0, room));
    this.cut ||= text.length > room;
  };

  /** What was printed since the last time. */
  take(): string {
    const text = this.cut ? this.text + CUT : this.text;
    this.text = "";
    this.cut = false;
    return text;
  }
}

import type { Output } from "../../host/process.js";

/** Characters of a bar on a terminal of 80 columns. */
const BAR_LENGTH = 50;

/**
 * How the client shows what its steps report (jsonmessage): on a terminal each step has a line that is written over, and here only what stands there
 * in the end is printed; elsewhere each report is a line of its own, without bars.
 */
export class ProgressScreen {
  private readonly lines = new Map<string, string>();

  constructor(
    private readonly stdout: Output,
    private readonly terminal: boolean,
  ) {}

  show(id: string, text: string): void {
    if (this.terminal) this.lines.set(id, `${id}: ${text} `);
    else this.stdout.write(`${id}: ${text}\n`);
  }

  bar(id: string, text: string, current: number, total: number): void {
    if (!this.terminal) return;
    const filled = Math.min(BAR_LENGTH, Math.trunc((current / total) * BAR_LENGTH));
    const head = filled < BAR_LENGTH ? ">" : "";
    const bar = `${"=".repeat(Math.max(0, filled))}${filled >= BAR_LENGTH ? ">" : head}`;
    this.lines.set(id, `${id}: ${text} [${bar.padEnd(BAR_LENGTH + 1)}] `);
  }

  end(): void {
    for (const line of this.lines.values()) this.stdout.write(`${line}\n`);
    this.lines.clear();
  }
}

import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import type { CommandResult } from "../host/command-result.js";

/** What a command printed. As the last value of a cell it shows as the terminal would. */
export class CommandOutput implements CommandResult, Displayable {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(result: CommandResult) {
    this.status = result.status;
    this.stdout = result.stdout;
    this.stderr = result.stderr;
  }

  get ok(): boolean {
    return this.status === 0;
  }

  /** Standard output without the last line's end: for use in another command. */
  get text(): string {
    return this.stdout.replace(/\n$/, "");
  }

  get lines(): readonly string[] {
    return this.stdout === "" ? [] : this.text.split("\n");
  }

  /** Standard output read as JSON. */
  json(): unknown {
    return JSON.parse(this.stdout);
  }

  toString(): string {
    const failed = this.ok ? "" : `(exit status ${this.status})\n`;
    return `${this.stdout}${this.stderr}${failed}`.replace(/\n$/, "");
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}

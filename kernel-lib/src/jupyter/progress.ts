import { progressBar } from "../base/progress-bar.js";

/** Where progress is drawn: standard error, or a stand-in. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** How far a piece of work is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is worked on now, in a few words. */
  readonly label: string;
}

const CLEAR_LINE = "\r\u001b[K";

/** Shows progress: a bar that redraws itself on a terminal, one line a step elsewhere. */
export class ProgressBar {
  #shown = false;
  #last = "";

  constructor(
    readonly title: string,
    readonly stream: ProgressStream = process.stderr,
  ) {}

  update(progress: Progress): void {
    const { done, total, label } = progress;
    if (!this.stream.isTTY) {
      const line = `${this.title}: ${done}/${total} ${label}\n`;
      if (line !== this.#last) this.stream.write(line);
      this.#last = line;
      return;
    }
    const line = `${this.title} ${progressBar(done, total)} ${done}/${total} ${label}`;
    this.stream.write(`${CLEAR_LINE}${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  /** Takes the bar away, so that what is printed next has a line of its own. */
  clear(): void {
    if (this.#shown) this.stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}

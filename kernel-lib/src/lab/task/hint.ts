import { DISPLAY, type Displayable, type MimeBundle } from "../../base/display.js";

/** A hint of a task, which shows itself as the last value of a cell. */
export class Hint implements Displayable {
  constructor(
    readonly number: number,
    /** How many the task has. */
    readonly of: number,
    readonly text: string,
  ) {}

  toString(): string {
    return `Hint ${this.number} of ${this.of}: ${this.text}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}

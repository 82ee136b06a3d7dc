import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import type { Hop } from "./hop.js";

const HEAD = ["#", "time", "+", "where", "stage", "what happens"];

/** A packet's way, a row a hop. Times are modelled latency since the packet was made. */
export class HopTable implements Displayable {
  constructor(
    readonly caption: string,
    readonly hops: readonly Hop[],
  ) {}

  /** The cells, row by row, as both forms print them. */
  get rows(): readonly (readonly string[])[] {
    const machines = new Set(this.hops.map((hop) => hop.machine));
    const where = ({ netns, machine }: Hop) =>
      machines.size > 1 && netns !== machine ? `${netns} on ${machine}` : netns;
    return this.hops.map((hop) => [
      String(hop.number),
      formatDuration(hop.since),
      formatDuration(hop.spent),
      where(hop),
      hop.branch === 0 ? hop.stage : `${hop.stage} (copy ${hop.branch})`,
      hop.text,
    ]);
  }

  toString(): string {
    return `${this.caption}\n${textTable(HEAD, this.rows, [0, 1, 2])}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, HEAD, this.rows) };
  }
}

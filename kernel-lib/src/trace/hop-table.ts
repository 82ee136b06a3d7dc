import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { type Cell, htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import { shortened } from "./deciding.js";
import type { Hop } from "./hop.js";
import { ruleRow } from "./rule-walk.js";

const HEAD = ["#", "time", "+", "where", "stage", "what happens"];
const BECAUSE = "because of";

/**
 * A packet's way, a row a hop. Times are modelled latency since the packet was made. A row of a netfilter hook names the rule that decided and the command
 * behind it; in HTML it opens to all rules that were met there, which {@link Journey.rules} lists.
 */
export class HopTable implements Displayable {
  constructor(
    readonly caption: string,
    readonly hops: readonly Hop[],
    /** Lines below the table: which rule dropped the packet, and what it narrowly missed. */
    readonly notes: readonly string[] = [],
  ) {}

  get head(): readonly string[] {
    return this.hops.some(({ because }) => because !== "") ? [...HEAD, BECAUSE] : HEAD;
  }

  /** The cells, row by row, as both forms print them. */
  get rows(): readonly (readonly string[])[] {
    const machines = new Set(this.hops.map((hop) => hop.machine));
    const where = ({ netns, machine }: Hop) =>
      machines.size > 1 && netns !== machine ? `${netns} on ${machine}` : netns;
    const { length } = this.head;
    return this.hops.map((hop) =>
      [
        String(hop.number),
        formatDuration(hop.since),
        formatDuration(hop.spent),
        where(hop),
        hop.branch === 0 ? hop.stage : `${hop.stage} (copy ${hop.branch})`,
        hop.text,
        shortened(hop.because),
      ].slice(0, length),
    );
  }

  toString(): string {
    return [this.caption, textTable(this.head, this.rows, [0, 1, 2]), ...this.notes].join("\n");
  }

  [DISPLAY](): MimeBundle {
    const rows = this.rows.map((row, i) => row.map((cell, column) => this.withRules(cell, i, column)));
    return {
      "text/plain": this.toString(),
      "text/html": htmlTable(this.caption, this.head, rows, this.notes),
    };
  }

  private withRules(cell: string, row: number, column: number): Cell {
    const { event } = this.hops[row]!;
    if (event.kind !== "hook" || HEAD[column] !== "what happens" || event.steps.length === 0) return cell;
    return { text: cell, more: event.steps.map((step) => ruleRow(step, event).slice(0, -1).join(" · ")) };
  }
}

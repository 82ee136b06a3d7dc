import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { type Cell, htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import { shortened } from "./deciding.js";
import type { Hop } from "./hop.js";
import { shortName } from "./place-name.js";
import { ruleRow } from "./rule-walk.js";

const WHAT = "what happens";

/**
 * A packet's way, a row a hop. Times are modelled latency since the packet was made. A row of a netfilter hook names the rule that decided and the command
 * behind it; in HTML it opens to all rules that were met there, which {@link Journey.rules} lists. Where the packet goes through a VXLAN tunnel, a column says
 * whether the row is about the packet itself (inner) or about the one that carries it (outer).
 */
export class HopTable implements Displayable {
  constructor(
    readonly caption: string,
    readonly hops: readonly Hop[],
    /** Lines below the table: which rule dropped the packet, and what it narrowly missed. */
    readonly notes: readonly string[] = [],
  ) {}

  get head(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  /** The cells, row by row, as both forms print them. */
  get rows(): readonly (readonly string[])[] {
    const { columns } = this;
    return this.hops.map((hop) => columns.map(({ cell }) => cell(hop)));
  }

  /** What is the same for all hops, or empty, has no column. */
  private get columns(): readonly Column[] {
    const { hops } = this;
    const many = new Set(hops.map(({ machine }) => machine)).size > 1;
    const tunnelled = hops.some(({ tunnel }) => tunnel !== null);
    const owed = hops.some(({ because }) => because !== "");
    return [
      { name: "#", cell: ({ number }) => String(number) },
      { name: "time", cell: ({ since }) => formatDuration(since) },
      { name: "+", cell: ({ spent }) => formatDuration(spent) },
      { name: "where", cell: (hop) => whereOf(hop, many) },
      ...(tunnelled
        ? [{ name: "packet", cell: ({ tunnel }: Hop) => (tunnel === null ? "inner" : "outer") }]
        : []),
      { name: "stage", cell: ({ branch, stage }) => (branch === 0 ? stage : `${stage} (copy ${branch})`) },
      { name: WHAT, cell: ({ text }) => text },
      ...(owed ? [{ name: "because of", cell: ({ because }: Hop) => shortened(because) }] : []),
    ];
  }

  toString(): string {
    return [this.caption, textTable(this.head, this.rows, [0, 1, 2]), ...this.notes].join("\n");
  }

  [DISPLAY](): MimeBundle {
    const what = this.head.indexOf(WHAT);
    const rows = this.rows.map((row, i) =>
      row.map((cell, column) => (column === what ? this.withRules(cell, i) : cell)),
    );
    return {
      "text/plain": this.toString(),
      "text/html": htmlTable(this.caption, this.head, rows, this.notes),
    };
  }

  private withRules(cell: string, row: number): Cell {
    const { event } = this.hops[row]!;
    if (event.kind !== "hook" || event.steps.length === 0) return cell;
    return { text: cell, more: event.steps.map((step) => ruleRow(step, event).slice(0, -1).join(" · ")) };
  }
}

interface Column {
  readonly name: string;
  readonly cell: (hop: Hop) => string;
}

/** A container is named with its machine where the packet passes several. */
function whereOf({ netns, machine }: Hop, many: boolean): string {
  const name = shortName(netns);
  return many && netns !== machine ? `${name} on ${machine}` : name;
}

import { type ListedRule, RuleListing } from "../lab/rules.js";
import type { Trace } from "../lab/trace.js";
import { shortened } from "../trace/deciding.js";
import { Figure } from "./figure.js";
import { colourer, FONT, INK } from "./palette.js";

export interface RuleHitsOptions {
  readonly title?: string;
  /** At most this many rules, those with the most hits (default 24). */
  readonly most?: number;
}

/** How often one rule matched. */
interface Hits {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly rule: string;
  readonly hits: number;
}

/**
 * How often each rule matched, one bar a rule, coloured by table: of a trace, or between two listings of {@link Machine.rules}. Rules that matched nothing
 * are left out.
 */
export function ruleHits(trace: Trace, options?: RuleHitsOptions): Figure;
export function ruleHits(before: RuleListing, after: RuleListing, options?: RuleHitsOptions): Figure;
export function ruleHits(
  first: Trace | RuleListing,
  second?: RuleListing | RuleHitsOptions,
  third?: RuleHitsOptions,
): Figure {
  if (first instanceof RuleListing) {
    if (!(second instanceof RuleListing))
      throw new RangeError("ruleHits needs a listing before and one after");
    return draw(between(first, second), third ?? {});
  }
  return draw(ofTrace(first), (second as RuleHitsOptions | undefined) ?? {});
}

function ofTrace({ events }: Trace): Hits[] {
  const counts = new Map<string, Hits>();
  for (const event of events) {
    if (event.kind !== "hook") continue;
    for (const { matched, rule: number, table, chain, text } of event.steps) {
      if (!matched || number === 0) continue;
      const key = `${event.machine} ${event.netns} ${table} ${chain} ${number} ${text}`;
      const hits = (counts.get(key)?.hits ?? 0) + 1;
      counts.set(key, { table, chain, number, rule: text, hits });
    }
  }
  return [...counts.values()].sort(inOrder);
}

/** Rules are the same when table, chain and text are: a rule put in front of them moves their numbers. */
function between(before: RuleListing, after: RuleListing): Hits[] {
  const known = new Map<string, number[]>();
  for (const rule of before.list) known.set(keyOf(rule), [...(known.get(keyOf(rule)) ?? []), rule.packets]);
  return after.list
    .map((rule): Hits => {
      const { table, chain, number, packets } = rule;
      const old = known.get(keyOf(rule))?.shift() ?? 0;
      return { table, chain, number, rule: rule.rule, hits: Math.max(0, packets - old) };
    })
    .filter(({ hits, number }) => hits > 0 && number > 0);
}

function keyOf({ table, chain, rule }: ListedRule): string {
  return `${table} ${chain} ${rule}`;
}

const TABLES = ["raw", "mangle", "nat", "filter", "security"];

function inOrder(a: Hits, b: Hits): number {
  return (
    TABLES.indexOf(a.table) - TABLES.indexOf(b.table) ||
    (a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.number - b.number)
  );
}

function draw(all: readonly Hits[], options: RuleHitsOptions): Figure {
  const least = [...all].sort((a, b) => b.hits - a.hits)[(options.most ?? 24) - 1]?.hits ?? 0;
  const shown = all.filter(({ hits }) => hits >= least).slice(0, options.most ?? 24);
  const labels = shown.map(labelOf);
  return new Figure(
    {
      data: byTable(shown, labels),
      layout: {
        width: 760,
        height: 140 + 24 * Math.max(shown.length, 3),
        title: { text: options.title ?? "Packets that matched each rule", font: { size: 15 } },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: 440, r: 24, t: 84, b: 48 },
        barmode: "overlay",
        bargap: 0.25,
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        xaxis: {
          title: { text: "packets" },
          rangemode: "tozero",
          gridcolor: "#e6e8eb",
          dtick: stepOf(shown),
        },
        yaxis: { autorange: "reversed", categoryorder: "array", categoryarray: labels, automargin: false },
        legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
        showlegend: true,
      },
    },
    describe(shown),
  );
}

/** Characters of a label, so that it stays within the margin. */
const LABEL = 62;

/** `nat DOCKER 2: ! -i docker0 … 172.17.0.2:5000, 12`. */
function labelOf({ table, chain, number, rule, hits }: Hits): string {
  const place = `${table} ${chain} ${number}: `;
  return `${place}${shortened(rule, LABEL - place.length)}, ${hits}`;
}

/** Packets between two ticks: 1, 2 or 5 times a power of ten, some eight of them. */
function stepOf(shown: readonly Hits[]): number {
  const wanted = Math.max(1, ...shown.map(({ hits }) => hits)) / 8;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= wanted)!;
}

function byTable(shown: readonly Hits[], labels: readonly string[]): Record<string, unknown>[] {
  const colour = colourer();
  return [...new Set(shown.map(({ table }) => table))].map((table) => {
    const rows = shown.flatMap((row, i) => (row.table === table ? [{ row, label: labels[i]! }] : []));
    return {
      type: "bar",
      orientation: "h",
      name: table,
      y: rows.map(({ label }) => label),
      x: rows.map(({ row }) => row.hits),
      hovertext: rows.map(
        ({ row }) => `${table} ${row.chain} ${row.number}: ${row.rule}<br>${row.hits} packets`,
      ),
      hoverinfo: "text",
      marker: { color: colour(table) },
    };
  });
}

function describe(shown: readonly Hits[]): string {
  if (shown.length === 0) return "No rule matched any packet.";
  const list = shown.map(({ table, chain, number, hits }) => `${table} ${chain} ${number}: ${hits}`);
  return `Packets that matched each rule: ${list.join("; ")}.`;
}

import { formatDuration } from "../base/units.js";
import type { Hop } from "../trace/hop.js";
import { Journey } from "../trace/journey.js";
import { Figure } from "./figure.js";
import { colourer, FONT, INK } from "./palette.js";

export interface HopsOptions {
  /** Hops that took less than this are left out of the chart (never of the table). Default 0: all hops that took time. */
  readonly atLeastNs?: number;
  readonly title?: string;
}

/** Heights in pixels: above the bars (of one panel, and of several, which have headings), below them, a bar, and between two panels. */
const TOP = 84;
const TOP_HEADED = 120;
const BOTTOM = 66;
const ROW = 24;
const GAP = 56;

/** One journey's bars. */
interface Panel {
  readonly name: string;
  readonly journey: Journey;
  readonly shown: readonly Hop[];
  readonly labels: readonly string[];
}

/**
 * Modelled latency per hop: one bar a hop, from the moment at which the packet left the hop before to the moment at which it was here. Bars are coloured by
 * namespace; the axis is time since the packet was made, in microseconds. Several journeys, named by their keys, stand below one another on the same scale:
 * `hops({ in: syn, out: answer })`.
 */
export function hops(
  journeys: Journey | Readonly<Record<string, Journey>>,
  options: HopsOptions = {},
): Figure {
  const panels = panelsOf(journeys, Math.max(1, options.atLeastNs ?? 0));
  if (panels.length === 0) throw new RangeError("hops needs a journey");
  const heights = panels.map(({ shown }) => ROW * Math.max(shown.length, 3));
  const inner = heights.reduce((sum, height) => sum + height, GAP * (panels.length - 1));
  const domains = domainsOf(heights, inner);
  const top = panels.length === 1 ? TOP : TOP_HEADED;
  const most = Math.max(...panels.flatMap(({ shown }) => shown.map(({ since }) => since))) / 1e3;
  return new Figure(
    {
      data: bars(panels),
      layout: {
        width: 760,
        height: top + inner + BOTTOM,
        title: {
          text: options.title ?? titleOf(panels),
          font: { size: 15 },
          ...(panels.length === 1 ? {} : { y: 1 - 22 / (top + inner + BOTTOM), yanchor: "top" }),
        },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: 190, r: 24, t: top, b: BOTTOM - 10 },
        barmode: "overlay",
        bargap: 0.25,
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        ...Object.fromEntries(panels.flatMap((panel, i) => axes(panel, i, panels.length, domains[i]!, most))),
        annotations: panels.length === 1 ? [] : panels.map((panel, i) => heading(panel, domains[i]!)),
        legend: { orientation: "h", x: 0, y: 1 + (top - TOP) / inner, yanchor: "bottom" },
        showlegend: true,
      },
    },
    panels.map(describePanel).join(" "),
  );
}

function panelsOf(journeys: Journey | Readonly<Record<string, Journey>>, least: number): Panel[] {
  const named = journeys instanceof Journey ? [["", journeys] as const] : Object.entries(journeys);
  return named.map(([name, journey]) => {
    const shown = journey.hops.filter((hop) => hop.spent >= least);
    return {
      name,
      journey,
      shown,
      labels: shown.map((hop) => `${hop.number} ${hop.stage}, ${formatDuration(hop.spent)}`),
    };
  });
}

function titleOf(panels: readonly Panel[]): string {
  const [first] = panels;
  return panels.length === 1
    ? `Modelled latency per hop: ${first!.journey.summary}`
    : `Modelled latency per hop: ${panels.map(({ name }) => name).join(" and ")}`;
}

/** The part of the height that each panel has, the first on top, in fractions from the bottom. */
function domainsOf(heights: readonly number[], inner: number): readonly (readonly [number, number])[] {
  let top = 1;
  return heights.map((height) => {
    const bottom = Math.max(0, top - height / inner);
    const domain = [bottom, top] as const;
    top = bottom - GAP / inner;
    return domain;
  });
}

function axes(
  { labels }: Panel,
  i: number,
  count: number,
  domain: readonly [number, number],
  most: number,
): [string, unknown][] {
  const suffix = i === 0 ? "" : String(i + 1);
  const x = {
    gridcolor: "#e6e8eb",
    anchor: `y${suffix}`,
    ...(count === 1 ? { rangemode: "tozero" } : { range: [0, most * 1.03] }),
    ...(i === count - 1 ? { title: { text: "time since the packet was made (µs)" } } : {}),
  };
  const y = {
    autorange: "reversed",
    categoryorder: "array",
    categoryarray: labels,
    automargin: false,
    anchor: `x${suffix}`,
    domain,
  };
  return [
    [`xaxis${suffix}`, x],
    [`yaxis${suffix}`, y],
  ];
}

function heading({ name, journey }: Panel, [, top]: readonly [number, number]): Record<string, unknown> {
  return {
    text: `<b>${name}</b>: ${journey.summary}, ${formatDuration(journey.duration)}`,
    xref: "paper",
    yref: "paper",
    x: 0.5,
    y: top,
    xanchor: "center",
    yanchor: "bottom",
    showarrow: false,
  };
}

function bars(panels: readonly Panel[]): Record<string, unknown>[] {
  const colour = colourer();
  const named = new Set<string>();
  return panels.flatMap(({ shown, labels }, panel) => {
    const suffix = panel === 0 ? "" : String(panel + 1);
    return [...new Set(shown.map((hop) => hop.netns))].map((netns) => {
      const rows = shown.flatMap((hop, i) => (hop.netns === netns ? [{ hop, label: labels[i]! }] : []));
      const first = !named.has(netns);
      named.add(netns);
      return {
        type: "bar",
        orientation: "h",
        name: netns,
        ...(panels.length === 1
          ? {}
          : { legendgroup: netns, showlegend: first, xaxis: `x${suffix}`, yaxis: `y${suffix}` }),
        y: rows.map(({ label }) => label),
        x: rows.map(({ hop }) => hop.spent / 1e3),
        base: rows.map(({ hop }) => (hop.since - hop.spent) / 1e3),
        hovertext: rows.map(({ hop }) => hoverText(hop)),
        hoverinfo: "text",
        marker: { color: colour(netns) },
      };
    });
  });
}

function hoverText({ text, spent, since }: Hop): string {
  return `${text.replaceAll("\n", "<br>")}<br>${formatDuration(spent)}, at ${formatDuration(since)}`;
}

function describePanel({ name, journey, shown }: Panel): string {
  const slowest = shown.reduce<Hop | null>(
    (top, hop) => (top === null || hop.spent > top.spent ? hop : top),
    null,
  );
  const tail =
    slowest === null ? "" : `; the longest hop is ${slowest.stage} with ${formatDuration(slowest.spent)}`;
  return `${name === "" ? "" : `${name}: `}${journey.summary}: ${journey.hops.length} hops through ${journey.path.join(", ")} in ${formatDuration(journey.duration)} (modelled)${tail}.`;
}

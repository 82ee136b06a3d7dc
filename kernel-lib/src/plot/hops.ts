import { formatDuration } from "../base/units.js";
import type { Hop } from "../trace/hop.js";
import { Journey } from "../trace/journey.js";
import { shortName } from "../trace/place-name.js";
import { Figure } from "./figure.js";
import { colourer, FONT, INK } from "./palette.js";

export interface HopsOptions {
  /** Hops that took less than this are left out of the chart (never of the table). Default 0: all hops that took time. */
  readonly atLeastNs?: number;
  readonly title?: string;
  /**
   * What the colours tell: the namespaces (default), or what is inside a tunnel and what outside, with the time of each part. In the second case a bar's label
   * names the namespace.
   */
  readonly by?: "namespace" | "tunnel";
}

/** Heights in pixels: above the bars (of one panel, of one whose legend has two lines, of several, which have headings), below them, a bar, and between two panels. */
const TOP = 84;
const TOP_TWO_LINES = 96;
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
  /** The part to which each bar belongs. */
  readonly groups: readonly string[];
  /** The time of each part, that of hops without a bar too; empty where bars are coloured by namespace, to which a packet may come back. */
  readonly times: ReadonlyMap<string, number>;
}

/**
 * Modelled latency per hop: one bar a hop, from the moment at which the packet left the hop before to the moment at which it was here. Bars are coloured by
 * namespace, or by `{ by: "tunnel" }`; the axis is time since the packet was made, in microseconds. Several journeys, named by their keys, stand below one another on the same scale:
 * `hops({ in: syn, out: answer })`.
 */
export function hops(
  journeys: Journey | Readonly<Record<string, Journey>>,
  options: HopsOptions = {},
): Figure {
  const panels = panelsOf(journeys, Math.max(1, options.atLeastNs ?? 0), options.by === "tunnel");
  if (panels.length === 0) throw new RangeError("hops needs a journey");
  const heights = panels.map(({ shown }) => ROW * Math.max(shown.length, 3));
  const inner = heights.reduce((sum, height) => sum + height, GAP * (panels.length - 1));
  const domains = domainsOf(heights, inner);
  const tunnel = options.by === "tunnel";
  const top = panels.length > 1 ? TOP_HEADED : tunnel ? TOP_TWO_LINES : TOP;
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
          ...(top === TOP ? {} : { y: 1 - 22 / (top + inner + BOTTOM), yanchor: "top" }),
        },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: tunnel ? 230 : 190, r: 24, t: top, b: BOTTOM - 10 },
        barmode: "overlay",
        bargap: 0.25,
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        ...Object.fromEntries(panels.flatMap((panel, i) => axes(panel, i, panels.length, domains[i]!, most))),
        annotations: panels.length === 1 ? [] : panels.map((panel, i) => heading(panel, domains[i]!)),
        legend: {
          orientation: "h",
          x: 0,
          y: 1 + (panels.length === 1 ? 0 : top - TOP) / inner,
          yanchor: "bottom",
        },
        showlegend: true,
      },
    },
    panels.map(describePanel).join(" "),
  );
}

function panelsOf(
  journeys: Journey | Readonly<Record<string, Journey>>,
  least: number,
  tunnel: boolean,
): Panel[] {
  const named = journeys instanceof Journey ? [["", journeys] as const] : Object.entries(journeys);
  return named.map(([name, journey]) => {
    const shown = journey.hops.filter((hop) => hop.spent >= least);
    const part = (hop: Hop) => (tunnel ? tunnelPart(hop, journey) : shortName(hop.netns));
    const where = ({ netns, stage }: Hop) => (tunnel ? `${shortName(netns)} ${stage}` : stage);
    return {
      name,
      journey,
      shown,
      labels: shown.map((hop) => `${hop.number} ${where(hop)}, ${formatDuration(hop.spent)}`),
      groups: shown.map(part),
      times: tunnel ? partTimes(journey) : new Map(),
    };
  });
}

/** The time before the tunnel, in it and behind it, of the copy that arrived last; empty when the packet went into none. */
function partTimes({ hops: all }: Journey): ReadonlyMap<string, number> {
  const end = all.findLast(({ event }) => event.kind === "deliver") ?? all.at(-1);
  const out =
    end === undefined ? undefined : all.findLast((hop) => hop.number < end.number && leads(hop, end));
  const ways = all.filter(({ event }) => event.kind === "encapsulate");
  const into = ways.find(({ branch }) => branch === out?.branch) ?? ways[0];
  if (into === undefined || end === undefined) return new Map();
  const start = into.since - into.spent;
  return new Map([
    [BEFORE, start],
    [insideOf(into), (out ?? end).since - start],
    ...(out === undefined ? [] : [[BEHIND, end.since - out.since] as const]),
  ]);
}

/** The packet comes out of a tunnel, and this hop of it (or of its copy on that machine) is behind that. */
function leads(out: Hop, hop: Hop): boolean {
  return out.event.kind === "decapsulate" && (out.machine === hop.machine || out.branch === hop.branch);
}

/** Behind a tunnel is what comes after the packet came out of one. */
function tunnelPart(hop: Hop, { hops: all }: Journey): string {
  if (hop.tunnel !== null) return insideOf(hop);
  const out = all.some((other) => other.number < hop.number && leads(other, hop));
  return out ? BEHIND : BEFORE;
}

const BEFORE = "before the tunnel";
const BEHIND = "behind it";
const insideOf = ({ tunnel }: Hop) => `in VXLAN ${tunnel}`;

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

function heading(
  { name, journey, times }: Panel,
  [, top]: readonly [number, number],
): Record<string, unknown> {
  const duration = formatDuration(journey.duration);
  const parts = [...times].map(([part, time]) => `${formatDuration(time)} ${part}`).join(", ");
  return {
    text: `<b>${name}</b>: ${parts === "" ? `${journey.summary}, ${duration}` : `${duration}: ${parts}`}`,
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
  return panels.flatMap((panel, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    return [...new Set(panel.groups)].map((group) => {
      const rows = panel.shown.flatMap((hop, j) =>
        panel.groups[j] === group ? [{ hop, label: panel.labels[j]! }] : [],
      );
      const first = !named.has(group);
      named.add(group);
      return {
        type: "bar",
        orientation: "h",
        name: panels.length === 1 ? legendOf(panel, group) : group,
        ...(panels.length === 1
          ? {}
          : { legendgroup: group, showlegend: first, xaxis: `x${suffix}`, yaxis: `y${suffix}` }),
        y: rows.map(({ label }) => label),
        x: rows.map(({ hop }) => hop.spent / 1e3),
        base: rows.map(({ hop }) => (hop.since - hop.spent) / 1e3),
        hovertext: rows.map(({ hop }) => hoverText(hop)),
        hoverinfo: "text",
        marker: { color: colour(group) },
      };
    });
  });
}

function legendOf({ times }: Panel, group: string): string {
  const time = times.get(group);
  return time === undefined ? group : `${group}: ${formatDuration(time)}`;
}

function hoverText({ text, spent, since }: Hop): string {
  return `${text.replaceAll("\n", "<br>")}<br>${formatDuration(spent)}, at ${formatDuration(since)}`;
}

function describePanel({ name, journey, shown, times }: Panel): string {
  const slowest = shown.reduce<Hop | null>(
    (top, hop) => (top === null || hop.spent > top.spent ? hop : top),
    null,
  );
  const tail =
    slowest === null ? "" : `; the longest hop is ${slowest.stage} with ${formatDuration(slowest.spent)}`;
  const parts = [...times].map(([part, time]) => `, ${formatDuration(time)} ${part}`).join("");
  return `${name === "" ? "" : `${name}: `}${journey.summary}: ${journey.hops.length} hops through ${journey.path.join(", ")} in ${formatDuration(journey.duration)} (modelled)${parts}${tail}.`;
}

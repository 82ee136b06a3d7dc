import { formatDuration } from "../base/units.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";
import { Figure } from "./figure.js";
import { colourer, FONT, INK } from "./palette.js";

export interface HopsOptions {
  /** Hops that took less than this are left out of the chart (never of the table). Default 0: all hops that took time. */
  readonly atLeastNs?: number;
  readonly title?: string;
}

/**
 * Modelled latency per hop: one bar a hop, from the moment at which the packet left the hop before to the moment at which it was here. Bars are coloured by
 * namespace; the axis is time since the packet was made, in microseconds.
 */
export function hops(journey: Journey, options: HopsOptions = {}): Figure {
  const least = Math.max(1, options.atLeastNs ?? 0);
  const shown = journey.hops.filter((hop) => hop.spent >= least);
  const labels = shown.map((hop) => `${hop.number} ${hop.stage}, ${formatDuration(hop.spent)}`);
  return new Figure(
    {
      data: tracesByNetns(shown, labels),
      layout: {
        width: 760,
        height: 150 + 24 * Math.max(shown.length, 3),
        title: { text: options.title ?? `Modelled latency per hop: ${journey.summary}`, font: { size: 15 } },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: 190, r: 24, t: 84, b: 56 },
        barmode: "overlay",
        bargap: 0.25,
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        xaxis: {
          title: { text: "time since the packet was made (µs)" },
          rangemode: "tozero",
          gridcolor: "#e6e8eb",
        },
        yaxis: { autorange: "reversed", categoryorder: "array", categoryarray: labels, automargin: false },
        legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
        showlegend: true,
      },
    },
    describeHops(journey, shown),
  );
}

function tracesByNetns(shown: readonly Hop[], labels: readonly string[]): Record<string, unknown>[] {
  const colour = colourer();
  const names = [...new Set(shown.map((hop) => hop.netns))];
  return names.map((netns) => {
    const rows = shown.flatMap((hop, i) => (hop.netns === netns ? [{ hop, label: labels[i]! }] : []));
    return {
      type: "bar",
      orientation: "h",
      name: netns,
      y: rows.map(({ label }) => label),
      x: rows.map(({ hop }) => hop.spent / 1e3),
      base: rows.map(({ hop }) => (hop.since - hop.spent) / 1e3),
      hovertext: rows.map(
        ({ hop }) => `${hop.text}<br>${formatDuration(hop.spent)}, at ${formatDuration(hop.since)}`,
      ),
      hoverinfo: "text",
      marker: { color: colour(netns) },
    };
  });
}

function describeHops(journey: Journey, shown: readonly Hop[]): string {
  const slowest = shown.reduce<Hop | null>(
    (top, hop) => (top === null || hop.spent > top.spent ? hop : top),
    null,
  );
  const tail =
    slowest === null ? "" : `; the longest hop is ${slowest.stage} with ${formatDuration(slowest.spent)}`;
  return `${journey.summary}: ${journey.hops.length} hops through ${journey.path.join(", ")} in ${formatDuration(journey.duration)} (modelled)${tail}.`;
}

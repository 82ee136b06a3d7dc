import { performance } from "node:perf_hooks";
import { Figure } from "../../plot/figure.js";
import { FONT, INK, PALETTE } from "../../plot/palette.js";
import { measurePublished } from "./benches.js";
import { type BenchFigure, median } from "./figure.js";
import { paceFigure, paceFigures } from "./pace.js";

const FLOWS = 10_000;
const RULE_COUNTS = [0, 10, 100, 1_000, 10_000] as const;
/** Rules evaluated in one run, so that all runs take about as long. */
const RULES_PER_RUN = 2e7;

/** One row of the cost against the number of rules. */
export interface RuleCost {
  readonly rules: number;
  readonly nsPerPacket: number;
}

const clock = () => performance.now();

/** Client → DNAT → bridge → container, one flow and ten thousand. */
export function publishedFigures(): BenchFigure[] {
  return [
    ...paceFigures("client → DNAT → bridge → container, one flow", () => measurePublished(clock), 250_000),
    paceFigure(`the same, ${FLOWS.toLocaleString("en")} flows`, () =>
      measurePublished(clock, { flows: FLOWS }),
    ),
  ];
}

/** The same path with more and more rules in DOCKER-USER that do not match. */
export function ruleCosts(): RuleCost[] {
  return RULE_COUNTS.map((rules) => {
    const packets = Math.min(100_000, Math.max(2_000, RULES_PER_RUN / Math.max(rules, 1)));
    const runs = Array.from({ length: 3 }, () => measurePublished(clock, { packets, rules }).nsPerPacket);
    return { rules, nsPerPacket: median(runs) };
  });
}

export function ruleCostFigures(costs: readonly RuleCost[]): BenchFigure[] {
  const first = costs[0]!;
  const last = costs.at(-1)!;
  return [
    ...costs.map(({ rules, nsPerPacket }) => ({
      name: `one packet with ${rules.toLocaleString("en")} rules more`,
      value: nsPerPacket,
      unit: "ns",
    })),
    {
      name: "one rule that does not match",
      value: Math.round(((last.nsPerPacket - first.nsPerPacket) / last.rules) * 10) / 10,
      unit: "ns",
    },
  ];
}

/** Time of a packet against the number of rules, both axes logarithmic. */
export function ruleCostPlot(costs: readonly RuleCost[]): Figure {
  const shown = costs.filter(({ rules }) => rules > 0);
  return new Figure(
    {
      data: [
        {
          type: "scatter",
          mode: "lines+markers+text",
          x: shown.map(({ rules }) => rules),
          y: shown.map(({ nsPerPacket }) => nsPerPacket / 1e3),
          text: shown.map(({ nsPerPacket }) => `${(nsPerPacket / 1e3).toFixed(1)} µs`),
          textposition: "top left",
          line: { color: PALETTE[0] },
          marker: { size: 8 },
        },
      ],
      layout: {
        width: 640,
        height: 380,
        title: { text: "Time of one packet against the number of rules (measured)", font: { size: 15 } },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: 70, r: 30, t: 60, b: 56 },
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        xaxis: {
          type: "log",
          title: { text: "rules in DOCKER-USER that do not match" },
          gridcolor: "#e6e8eb",
          dtick: 1,
        },
        yaxis: { type: "log", title: { text: "µs a packet" }, gridcolor: "#e6e8eb", dtick: 1 },
        showlegend: false,
      },
    },
    `Time of one packet from the client to a published port: ${shown
      .map(({ rules, nsPerPacket }) => `${(nsPerPacket / 1e3).toFixed(1)} µs with ${rules} rules`)
      .join(", ")}.`,
  );
}

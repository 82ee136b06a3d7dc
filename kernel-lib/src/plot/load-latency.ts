import { formatDuration } from "../base/units.js";
import type { LoadResult } from "../lab/load/result.js";
import { Figure } from "./figure.js";
import { GRID, loadLayout } from "./load-layout.js";
import { PALETTE } from "./palette.js";

export interface LatencyOptions {
  readonly title?: string;
  /** Shares of the answers, 0 to 1. Default: 0.5, 0.9 and 0.99. */
  readonly quantiles?: readonly number[];
}

type Series = readonly LoadResult[];

const DASHES = ["solid", "dash", "dot", "dashdot"] as const;

/**
 * Modelled latency against the load that was offered: a line for each quantile through one mark for each load. Several series have a colour each:
 * `latency({ "1 processor": one, "2 processors": two })`. A load of which requests failed is marked with a cross.
 */
export function latency(
  loads: Series | Readonly<Record<string, Series>>,
  options: LatencyOptions = {},
): Figure {
  const entries: (readonly [string, Series])[] = Array.isArray(loads)
    ? [["", loads as Series]]
    : Object.entries(loads as Readonly<Record<string, Series>>);
  const series = entries
    .map(([name, list]) => [name, list.filter(({ answered }) => answered > 0).sort(byRate)] as const)
    .filter(([, list]) => list.length > 0);
  if (series.length === 0) throw new RangeError("latency needs loads that were answered");
  const quantiles = options.quantiles ?? [0.5, 0.9, 0.99];
  if (quantiles.some((share) => !(share > 0 && share <= 1)))
    throw new RangeError(`quantiles are shares above 0 and up to 1, not ${quantiles.join(", ")}`);
  const title = options.title ?? "Modelled latency against the load";
  return new Figure(
    {
      data: series.flatMap(([name, list], i) => quantiles.map((share, k) => line(name, list, share, i, k))),
      layout: {
        ...loadLayout(title, { width: 720, height: 400, top: series.length > 1 ? 104 : 84 }),
        xaxis: { title: { text: "requests a second" }, rangemode: "tozero", gridcolor: GRID },
        yaxis: { title: { text: "ms" }, type: "log", gridcolor: GRID, dtick: "D2" },
        showlegend: true,
      },
    },
    describe(title, series, quantiles),
  );
}

function byRate(a: LoadResult, b: LoadResult): number {
  return a.rate - b.rate;
}

function percent(share: number): string {
  return share === 0.5 ? "median" : `${Number((share * 100).toPrecision(4))} %`;
}

function line(name: string, list: Series, share: number, i: number, k: number): Record<string, unknown> {
  const color = PALETTE[i % PALETTE.length]!;
  return {
    type: "scatter",
    mode: "lines+markers",
    name: name === "" ? percent(share) : `${name}, ${percent(share)}`,
    x: list.map(({ rate }) => rate),
    y: list.map((load) => load.quantile(share) / 1e6),
    line: { color, width: 2, dash: DASHES[k % DASHES.length] },
    marker: { color, size: 8, symbol: list.map(({ failed }) => (failed > 0 ? "x" : "circle")) },
    hovertext: list.map(
      (load) =>
        `${load.rate} a second: ${percent(share)} within ${formatDuration(Math.round(load.quantile(share)))}${load.failed > 0 ? `, ${load.failed} failed` : ""}`,
    ),
    hoverinfo: "text",
    cliponaxis: false,
  };
}

function describe(
  title: string,
  series: readonly (readonly [string, Series])[],
  quantiles: readonly number[],
): string {
  const texts = series.map(([name, list]) => {
    const [first, last] = [list[0]!, list.at(-1)!];
    const ends = [first, last].map((load) => {
      const values = quantiles.map(
        (share) => `${percent(share)} ${formatDuration(Math.round(load.quantile(share)))}`,
      );
      return `at ${load.rate} requests a second ${values.join(", ")}`;
    });
    return `${name === "" ? "" : `${name}: `}${(first === last ? ends.slice(0, 1) : ends).join("; ")}`;
  });
  return `${title}. ${texts.join(". ")}.`;
}

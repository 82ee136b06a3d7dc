import { formatDuration, type Nanoseconds, seconds } from "../base/units.js";
import type { LoadResult } from "../lab/load/result.js";
import { Figure } from "./figure.js";
import { GRID, loadLayout, thousands } from "./load-layout.js";
import { colourer, FAINT, HIGHLIGHT } from "./palette.js";

export interface LoadSeriesOptions {
  readonly title?: string;
  /** Width of a bar in virtual time. Default 1 s. */
  readonly step?: Nanoseconds;
  /** What happened meanwhile, by name, since the load's begin: `{ "docker kill": seconds(3) }`. Each is a line in the chart. */
  readonly events?: Readonly<Record<string, Nanoseconds>>;
}

/** A load over time: for each step the requests that came in it, by who answered them; those without an answer on top. */
export function loadSeries(load: LoadResult, options: LoadSeriesOptions = {}): Figure {
  const step = options.step ?? seconds(1);
  if (!(step > 0)) throw new RangeError("a step is a duration above 0: seconds(1)");
  const rows = load.series(step);
  const events = Object.entries(options.events ?? {});
  const title = options.title ?? "Requests over time, by who answered";
  const colour = colourer();
  const x = rows.map(({ at }) => (at + step / 2) / 1e9);
  const bars = load.replicas.map(({ name }, i) =>
    bar(
      name,
      x,
      rows.map(({ byReplica }) => byReplica[i]!),
      colour(name),
    ),
  );
  const failed = bar(
    "no answer",
    x,
    rows.map((row) => row.failed),
    HIGHLIGHT,
  );
  return new Figure(
    {
      data: load.failed > 0 ? [...bars, failed] : bars,
      layout: {
        ...loadLayout(title, { width: 760, height: 380 + 18 * events.length, top: 84 + 18 * events.length }),
        barmode: "stack",
        bargap: 0.1,
        xaxis: { title: { text: "seconds since the begin" }, gridcolor: GRID, rangemode: "tozero" },
        yaxis: {
          title: { text: `requests in ${formatDuration(step)}` },
          gridcolor: GRID,
          rangemode: "tozero",
        },
        shapes: events.map(([, at]) => ({
          type: "line",
          x0: at / 1e9,
          x1: at / 1e9,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { color: FAINT, width: 1.5, dash: "dash" },
        })),
        annotations: events.map(([name, at], i) => ({
          text: name,
          x: at / 1e9,
          y: 1,
          yref: "paper",
          yanchor: "bottom",
          yshift: 24 + 18 * i,
          showarrow: false,
          font: { size: 11 },
        })),
        showlegend: true,
      },
    },
    describe(title, load, events),
  );
}

function bar(name: string, x: readonly number[], y: readonly number[], color: string) {
  return {
    type: "bar",
    name,
    x,
    y,
    hovertext: y.map((count) => `${name}: ${thousands(count)}`),
    hoverinfo: "text",
    marker: { color },
  };
}

function describe(
  title: string,
  load: LoadResult,
  events: readonly (readonly [string, Nanoseconds])[],
): string {
  const counts = load.replicas.map(({ name, requests }) => `${name} ${thousands(requests)}`);
  const marked = events.map(([name, at]) => ` ${name} after ${formatDuration(at)}.`).join("");
  return `${title}: ${counts.join(", ")}, no answer ${thousands(load.failed)}.${marked}`;
}

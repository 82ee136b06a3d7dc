import type { LoadResult, ReplicaLoad } from "../lab/load/result.js";
import { Figure } from "./figure.js";
import { GRID, loadLayout, thousands } from "./load-layout.js";
import { colourer, FAINT, INK } from "./palette.js";

export interface SpreadOptions {
  readonly title?: string;
}

type Loads = readonly (readonly [name: string, load: LoadResult])[];

/**
 * How a load spread over the replicas: one bar for each, with the requests that it answered, coloured by the machine that it ran on, and a line where an even
 * share would be. Several loads stand side by side: `spread({ "2 replicas": two, "5 replicas": five })`.
 */
export function spread(
  loads: LoadResult | Readonly<Record<string, LoadResult>>,
  options: SpreadOptions = {},
): Figure {
  const all: Loads = isOne(loads) ? [["", loads]] : Object.entries(loads);
  const bars = all.flatMap(([group, load]) => load.replicas.map((replica) => ({ group, replica })));
  if (bars.length === 0) throw new RangeError("no replica has answered a request of this load");
  const title = options.title ?? "Requests by replica";
  const widest = Math.max(360, 110 + bars.length * 64);
  // Slanted names of replicas and the names of the loads below them take room.
  const bottom = bars.length > 8 ? 108 : 64;
  return new Figure(
    {
      data: byMachine(bars),
      layout: {
        ...loadLayout(title, { width: Math.min(widest, 960), height: 400, bottom }),
        barmode: "overlay",
        bargap: 0.3,
        xaxis: {
          tickvals: bars.map((_, i) => i),
          ticktext: bars.map(({ replica }) => replica.name),
          range: [-0.6, bars.length - 0.4],
          tickangle: bars.length > 8 ? -40 : 0,
        },
        yaxis: { title: { text: "requests answered" }, rangemode: "tozero", gridcolor: GRID },
        shapes: evenShares(all),
        annotations: groupNames(all, bars.length),
        showlegend: bars.some(({ replica }) => replica.machine !== null),
      },
    },
    describe(title, all),
  );
}

function isOne(loads: LoadResult | Readonly<Record<string, LoadResult>>): loads is LoadResult {
  return Array.isArray((loads as LoadResult).replicas);
}

interface Bar {
  readonly group: string;
  readonly replica: ReplicaLoad;
}

/** One trace for each machine, so that the legend names it. */
function byMachine(bars: readonly Bar[]): Record<string, unknown>[] {
  const colour = colourer();
  const nameOf = ({ replica }: Bar) => replica.machine ?? "elsewhere";
  const machines = [...new Set(bars.map(nameOf))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return machines.map((machine) => {
    const own = bars.flatMap((bar, i) => (nameOf(bar) === machine ? [{ bar, i }] : []));
    return {
      type: "bar",
      name: machine,
      // Bars of one machine may stand far apart: a chart would make them as wide as that.
      width: 0.7,
      x: own.map(({ i }) => i),
      y: own.map(({ bar }) => bar.replica.requests),
      text: own.map(({ bar }) => thousands(bar.replica.requests)),
      textposition: "outside",
      cliponaxis: false,
      hovertext: own.map(
        ({ bar: { group, replica } }) =>
          `${group === "" ? "" : `${group}: `}${replica.name} on ${machine}<br>${thousands(replica.requests)} requests, ${(replica.share * 100).toFixed(1)} %`,
      ),
      hoverinfo: "text",
      marker: { color: colour(machine) },
    };
  });
}

/** Across the bars of each load, where every bar would end if all were the same. */
function evenShares(all: Loads): Record<string, unknown>[] {
  let at = 0;
  return all.flatMap(([, { replicas, answered }]) => {
    const first = at;
    at += replicas.length;
    if (replicas.length === 0) return [];
    const y = answered / replicas.length;
    return [
      {
        type: "line",
        x0: first - 0.45,
        x1: at - 0.55,
        y0: y,
        y1: y,
        line: { color: FAINT, width: 1.5, dash: "dash" },
      },
    ];
  });
}

/** Names of loads below their bars. */
function groupNames(all: Loads, bars: number): Record<string, unknown>[] {
  let at = 0;
  return all.flatMap(([name, { replicas }]) => {
    const middle = at + (replicas.length - 1) / 2;
    at += replicas.length;
    if (name === "" || replicas.length === 0) return [];
    return [
      {
        text: name,
        x: middle,
        y: bars > 8 ? -0.32 : -0.14,
        yref: "paper",
        yanchor: "top",
        showarrow: false,
        font: { size: 12, color: INK },
      },
    ];
  });
}

function describe(title: string, all: Loads): string {
  const texts = all.map(([name, { replicas }]) => {
    const counts = replicas.map(
      (replica) =>
        `${replica.name}${replica.machine === null ? "" : ` on ${replica.machine}`} ${thousands(replica.requests)}`,
    );
    return `${name === "" ? "" : `${name}: `}${counts.join(", ")}`;
  });
  return `${title}. ${texts.join(". ")}.`;
}

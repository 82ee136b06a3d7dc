import type { LoadPath, LoadResult } from "../lab/load/result.js";
import { Figure } from "./figure.js";
import { loadLayout, thousands } from "./load-layout.js";
import { HIGHLIGHT } from "./palette.js";

export interface PathsOptions {
  readonly title?: string;
}

/**
 * Which way the requests of a load went: a row for each node that they came in at, a column for each replica, in each field how many. A field with a frame is a
 * node's own replica: the only ways that do not cross to another machine.
 */
export function paths(load: LoadResult, options: PathsOptions = {}): Figure {
  const rows = [...new Set(load.paths.map(entryName))];
  const columns = [...new Set(load.paths.map(replicaName))];
  if (rows.length === 0 || columns.length === 0)
    throw new RangeError("no replica has answered a request of this load");
  const count = (row: string, column: string) =>
    load.paths
      .filter((path) => entryName(path) === row && replicaName(path) === column)
      .reduce((sum, { requests }) => sum + requests, 0);
  const z = rows.map((row) => columns.map((column) => count(row, column)));
  const title = options.title ?? "Requests by entry node and replica";
  const left = 24 + 7 * Math.max(...rows.map((row) => row.length));
  return new Figure(
    {
      data: [
        {
          type: "scatter",
          mode: "text",
          x: z.flatMap((row) => row.map((_, column) => column)),
          y: z.flatMap((row, y) => row.map(() => y)),
          text: z.flatMap((row) => row.map(thousands)),
          hoverinfo: "skip",
        },
      ],
      layout: {
        ...loadLayout(title, {
          width: Math.min(960, Math.max(380, left + 60 + columns.length * 110)),
          height: 150 + rows.length * 48,
          left,
          top: 60,
        }),
        xaxis: {
          tickvals: columns.map((_, i) => i),
          ticktext: columns.map((column) => column.replace("\n", "<br>")),
          range: [-0.55, columns.length - 0.45],
          title: { text: "" },
          showgrid: false,
          zeroline: false,
        },
        yaxis: {
          tickvals: rows.map((_, i) => i),
          ticktext: rows,
          range: [rows.length - 0.45, -0.55],
          showgrid: false,
          zeroline: false,
        },
        shapes: [...fields(z), ...ownFields(load.paths, rows, columns)],
        showlegend: false,
      },
    },
    describe(title, load.paths),
  );
}

function entryName({ entry, entryMachine }: LoadPath): string {
  return entryMachine === null ? entry : `${entryMachine} (${entry})`;
}

function replicaName({ replica }: LoadPath): string {
  return replica.machine === null ? replica.name : `${replica.name}\non ${replica.machine}`;
}

/** A field for each way, the darker the more requests went it. */
function fields(z: readonly (readonly number[])[]): Record<string, unknown>[] {
  const most = Math.max(...z.flat(), 1);
  return z.flatMap((row, y) =>
    row.map((count, x) => ({
      ...field(x, y),
      layer: "below",
      line: { width: 0 },
      fillcolor: `rgba(66,146,198,${Number(((0.6 * count) / most).toFixed(3))})`,
    })),
  );
}

function field(x: number, y: number): Record<string, unknown> {
  return { type: "rect", x0: x - 0.48, x1: x + 0.48, y0: y - 0.46, y1: y + 0.46 };
}

function ownFields(
  all: readonly LoadPath[],
  rows: readonly string[],
  columns: readonly string[],
): Record<string, unknown>[] {
  return all
    .filter(({ entryMachine, replica }) => entryMachine !== null && entryMachine === replica.machine)
    .map((path) => {
      const [x, y] = [columns.indexOf(replicaName(path)), rows.indexOf(entryName(path))];
      return { ...field(x, y), line: { color: HIGHLIGHT, width: 1.5 }, fillcolor: "rgba(0,0,0,0)" };
    });
}

function describe(title: string, all: readonly LoadPath[]): string {
  const texts = all.map(
    (path) =>
      `in at ${entryName(path)}, answered by ${replicaName(path).replace("\n", " ")}: ${thousands(path.requests)}`,
  );
  return `${title}. ${texts.join("; ")}.`;
}

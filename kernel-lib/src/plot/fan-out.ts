import { formatDuration, type Nanoseconds } from "../base/units.js";
import { Figure } from "./figure.js";
import { GRID, loadLayout } from "./load-layout.js";
import { PALETTE } from "./palette.js";

/** One message that many got: how long after it was sent each of them had it. */
export interface FanOutPoint {
  /** How many were to get it. */
  readonly nodes: number;
  /** One duration for each that got it, in any order. */
  readonly delays: readonly Nanoseconds[];
}

export interface FanOutOptions {
  readonly title?: string;
  /** What one receiver is. Default: `chat nodes`. */
  readonly what?: string;
}

const LINES = [
  ["the first", (delays: readonly number[]) => delays[0]!],
  ["the middle one", (delays: readonly number[]) => delays[Math.floor((delays.length - 1) / 2)]!],
  ["the last", (delays: readonly number[]) => delays.at(-1)!],
] as const;

/**
 * How long one message takes to reach all who listen, against how many they are: a line for the first of them, the middle one and the last, and a dot for each. Several
 * series have a colour each: `fanOut({ "two hosts": two, "four hosts": four })`.
 */
export function fanOut(
  points: readonly FanOutPoint[] | Readonly<Record<string, readonly FanOutPoint[]>>,
  options: FanOutOptions = {},
): Figure {
  const entries: (readonly [string, readonly FanOutPoint[]])[] = Array.isArray(points)
    ? [["", points as readonly FanOutPoint[]]]
    : Object.entries(points as Readonly<Record<string, readonly FanOutPoint[]>>);
  const series = entries.map(([name, list]) => [name, list.map(sorted).filter(heard)] as const);
  if (series.every(([, list]) => list.length === 0))
    throw new RangeError("fanOut needs a message that somebody got");
  const title = options.title ?? "Modelled time until all have one message";
  const what = options.what ?? "chat nodes";
  return new Figure(
    {
      data: series.flatMap(([name, list], i) => [
        dots(list, i),
        ...LINES.map((_, k) => line(name, list, i, k)),
      ]),
      layout: {
        ...loadLayout(title, { width: 720, height: 400, top: series.length > 1 ? 104 : 84 }),
        xaxis: { title: { text: what }, rangemode: "tozero", gridcolor: GRID },
        yaxis: { title: { text: "ms" }, rangemode: "tozero", gridcolor: GRID },
        showlegend: true,
      },
    },
    describe(title, what, series),
  );
}

function sorted({ nodes, delays }: FanOutPoint): FanOutPoint {
  return { nodes, delays: [...delays].sort((a, b) => a - b) };
}

function heard({ delays }: FanOutPoint): boolean {
  return delays.length > 0;
}

const DASHES = ["dot", "dash", "solid"] as const;

function line(name: string, list: readonly FanOutPoint[], i: number, k: number): Record<string, unknown> {
  const [label, value] = LINES[k]!;
  const color = PALETTE[i % PALETTE.length]!;
  return {
    type: "scatter",
    mode: "lines+markers",
    name: name === "" ? label : `${name}, ${label}`,
    x: list.map(({ nodes }) => nodes),
    y: list.map(({ delays }) => value(delays) / 1e6),
    line: { color, width: 2, dash: DASHES[k] },
    marker: { color, size: 7 },
    hovertext: list.map(({ nodes, delays }) => `${label} of ${nodes}: ${formatDuration(value(delays))}`),
    hoverinfo: "text",
  };
}

/** Each receiver, faint, behind the lines. */
function dots(list: readonly FanOutPoint[], i: number): Record<string, unknown> {
  return {
    type: "scatter",
    mode: "markers",
    x: list.flatMap(({ nodes, delays }) => delays.map(() => nodes)),
    y: list.flatMap(({ delays }) => delays.map((delay) => delay / 1e6)),
    marker: { color: PALETTE[i % PALETTE.length]!, size: 4, opacity: 0.35 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function describe(
  title: string,
  what: string,
  series: readonly (readonly [string, readonly FanOutPoint[]])[],
): string {
  const texts = series.map(([name, list]) => {
    const points = list.map(({ nodes, delays }) => {
      const missing = delays.length < nodes ? ` (${nodes - delays.length} never)` : "";
      return `${nodes} in ${formatDuration(delays.at(-1)!)}${missing}`;
    });
    return `${name === "" ? "" : `${name}: `}${points.join(", ")}`;
  });
  return `${title}, by ${what}. ${texts.join(". ")}.`;
}

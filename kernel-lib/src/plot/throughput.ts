import { Figure } from "./figure.js";
import { FAINT, FONT, INK, PALETTE } from "./palette.js";

/** One measurement: packets of `size` bytes, and what arrived of them in bits a second. */
export interface ThroughputPoint {
  readonly size: number;
  readonly bitsPerSecond: number;
}

export interface ThroughputOptions {
  readonly title?: string;
  /** What `size` counts, for the axis. Default: "IPv4 packet". */
  readonly packet?: string;
  /** Sizes at which something changes, by name: `{ "MTU of vxlan0": 1450 }`. Each is a line in the chart. */
  readonly edges?: Readonly<Record<string, number>>;
}

type Series = readonly ThroughputPoint[];

/** Throughput against packet size: one line for each series of measurements, with a mark at each. Where nothing arrives, the mark is a cross on the axis. */
export function throughput(
  measured: Series | Readonly<Record<string, Series>>,
  options: ThroughputOptions = {},
): Figure {
  const series = Object.entries(Array.isArray(measured) ? { "": measured as Series } : measured)
    .map(([name, points]) => [name, [...points].sort((a, b) => a.size - b.size)] as const)
    .filter(([, points]) => points.length > 0);
  if (series.length === 0) throw new RangeError("throughput needs measurements");
  const all = series.flatMap(([, points]) => points);
  const unit = unitOf(Math.max(...all.map(({ bitsPerSecond }) => bitsPerSecond)));
  const edges = Object.entries(options.edges ?? {}).sort(([, a], [, b]) => a - b);
  const packet = options.packet ?? "IPv4 packet";
  const title = options.title ?? "Throughput against packet size";
  const top = 56 + EDGE * edges.length;
  const bottom = 56 + (series.length > 1 ? LEGEND * series.length : 0);
  const longest = Math.max(...series.map(([name]) => name.length));
  return new Figure(
    {
      data: series.map(([name, points], i) => line(name, points, unit, PALETTE[i % PALETTE.length]!)),
      layout: {
        width: 720,
        height: top + INNER + bottom,
        title: { text: title, font: { size: 15 }, y: 1 - 20 / (top + INNER + bottom), yanchor: "top" },
        font: { family: FONT, size: 12, color: INK },
        margin: { l: 64, r: 20, t: top, b: bottom },
        paper_bgcolor: "#ffffff",
        plot_bgcolor: "#ffffff",
        xaxis: {
          title: { text: `size of the ${packet} (bytes)` },
          gridcolor: GRID,
          range: rangeOf(all, edges),
        },
        yaxis: { title: { text: unit.name }, gridcolor: GRID, rangemode: "tozero" },
        shapes: edges.map(([, size], i) => edgeLine(size, i)),
        annotations: edges.map(([name, size], i) => edgeName(name, size, i)),
        legend: { x: 0, y: -50 / INNER, yanchor: "top", entrywidth: 8 * longest },
        showlegend: series.length > 1,
      },
    },
    describe(title, series, unit, edges),
  );
}

const GRID = "#e6e8eb";
/** Heights in pixels: of the chart without what is around it, above it for the name of one edge, below it for the name of one series. */
const INNER = 250;
const EDGE = 18;
const LEGEND = 20;

interface Unit {
  readonly name: string;
  readonly bits: number;
}

function unitOf(most: number): Unit {
  if (most >= 1e9) return { name: "Gbit/s", bits: 1e9 };
  if (most >= 1e6) return { name: "Mbit/s", bits: 1e6 };
  return { name: "kbit/s", bits: 1e3 };
}

/** Three significant digits, without a power of ten. */
function inUnit(bitsPerSecond: number, { name, bits }: Unit): string {
  return `${Number((bitsPerSecond / bits).toPrecision(3))} ${name}`;
}

function line(name: string, points: Series, unit: Unit, color: string): Record<string, unknown> {
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    x: points.map(({ size }) => size),
    y: points.map(({ bitsPerSecond }) => bitsPerSecond / unit.bits),
    line: { color, width: 2 },
    marker: {
      color,
      size: 8,
      symbol: points.map(({ bitsPerSecond }) => (bitsPerSecond === 0 ? "x" : "circle")),
    },
    hovertext: points.map(({ size, bitsPerSecond }) => `${size} bytes: ${inUnit(bitsPerSecond, unit)}`),
    hoverinfo: "text",
    cliponaxis: false,
  };
}

/** From the smallest to the largest size, with room for the marks. */
function rangeOf(points: Series, edges: readonly (readonly [string, number])[]): [number, number] {
  const sizes = [...points.map(({ size }) => size), ...edges.map(([, size]) => size)];
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const room = Math.max((high - low) * 0.04, 1);
  return [low - room, high + room];
}

function edgeLine(size: number, level: number): Record<string, unknown> {
  const line = { color: FAINT, width: 1.5, dash: "dash" };
  return {
    type: "line",
    x0: size,
    x1: size,
    y0: 0,
    y1: 1 + (EDGE * (level + 0.8)) / INNER,
    yref: "paper",
    line,
  };
}

/** An edge's name stands above the chart, left of its line, so that it stays within a narrow page; each on a level of its own, the largest on top. */
function edgeName(name: string, size: number, level: number): Record<string, unknown> {
  return {
    text: `${name}: ${size}`,
    x: size,
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    yshift: EDGE * level,
    xanchor: "right",
    xshift: -2,
    showarrow: false,
    font: { size: 11 },
  };
}

function describe(
  title: string,
  series: readonly (readonly [string, Series])[],
  unit: Unit,
  edges: readonly (readonly [string, number])[],
): string {
  const lines = series.map(([name, points]) => {
    const best = points.reduce((top, point) => (point.bitsPerSecond > top.bitsPerSecond ? point : top));
    const lost = points.filter(({ bitsPerSecond }) => bitsPerSecond === 0).map(({ size }) => size);
    const none = lost.length === 0 ? "" : `; nothing arrives at ${listed(lost)} bytes`;
    return `${name === "" ? "" : `${name}: `}${points[0]!.size} to ${points.at(-1)!.size} bytes, at most ${inUnit(best.bitsPerSecond, unit)} at ${best.size} bytes${none}`;
  });
  const marked = edges.map(([name, size]) => ` ${name}: ${size} bytes.`).join("");
  return `${title}. ${lines.join(". ")}.${marked}`;
}

function listed(sizes: readonly number[]): string {
  return sizes.length === 1 ? `${sizes[0]}` : `${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)}`;
}

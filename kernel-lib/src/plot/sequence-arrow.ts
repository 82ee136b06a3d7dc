import { formatDuration } from "../base/units.js";
import { FAINT, HIGHLIGHT, INK, PALETTE } from "./palette.js";
import { element, escapeText, text } from "./svg.js";

/** A packet on one stretch of its way, from one namespace to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly at: number;
  readonly lost: boolean;
  /** The packet's addresses on this arrow; null where nothing translates them. */
  readonly ends: Ends | null;
  readonly tunnel: Tunnel | null;
}

/** The namespaces of a tunnel's ends. */
export interface Tunnel {
  readonly from: string;
  readonly to: string;
}

/** Its addresses on that stretch. */
export interface Ends {
  readonly source: string;
  readonly destination: string;
  /** What is new since the arrow before. */
  readonly changed: readonly string[];
}

/** Where things stand, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The middle of a namespace's line. */
  readonly x: (name: string) => number;
  /** The time at which the drawing begins, in nanoseconds. */
  readonly start: number;
}

/** Sizes in pixels: letters of an arrow and of its addresses, about how wide one of a size of 1 is, and the room on the left for the times. */
const LABEL = 13;
const ENDS = 12;
const LETTER = 0.58;
export const TIMES = 76;
const EDGE = 8;
const TUNNEL = PALETTE[1];

/** Letters cross the lines of other namespaces: a white edge keeps them readable. */
const HALO = { stroke: "#ffffff", "stroke-width": 4, "paint-order": "stroke" };

export function drawLane(name: string, { x, height }: Frame, row: number): string {
  return (
    text(x(name), 48 + row * 16, name, { "text-anchor": "middle", "font-weight": 600 }) +
    element("line", {
      x1: x(name),
      y1: 56 + row * 16,
      x2: x(name),
      y2: height - 24,
      stroke: "#c9d1d9",
      "stroke-width": 1.5,
    })
  );
}

/** A band from one end of the tunnel to the other, below the arrow. */
export function drawTunnel(tunnel: Tunnel | null, { x }: Frame, y: number): string {
  if (tunnel === null) return "";
  const [left, right] = [x(tunnel.from), x(tunnel.to)].sort((a, b) => a - b) as [number, number];
  const band = { x: left, y: y - 4, width: right - left, height: 8, rx: 4, fill: TUNNEL };
  return element("rect", { ...band, "fill-opacity": 0.35 });
}

export function drawArrow(arrow: Arrow, frame: Frame, y: number): string {
  const [from, to] = [frame.x(arrow.from), frame.x(arrow.to)];
  const time = text(EDGE, y + 4, formatDuration(arrow.at - frame.start), { fill: FAINT });
  const colour = arrow.lost ? HIGHLIGHT : INK;
  if (from === to) {
    const label = `${arrow.label}${arrow.lost ? " ✕" : ""}`;
    return (
      time + words(label, from, y + 4, frame, { fill: colour }) + drawEnds(arrow.ends, from, y + 20, frame)
    );
  }
  const end = arrow.lost ? (from + to) / 2 : to;
  const line = element("line", {
    x1: from,
    y1: y,
    x2: end,
    y2: y,
    stroke: colour,
    "stroke-width": 1.5,
    ...(arrow.lost ? {} : { "marker-end": "url(#arrow)" }),
  });
  const cross = arrow.lost
    ? text(end, y + 5, "✕", { "text-anchor": "middle", fill: HIGHLIGHT, "font-size": 16 })
    : "";
  const middle = (from + to) / 2;
  const label = words(arrow.label, middle, y - 6, frame, { fill: colour });
  return time + line + cross + label + drawEnds(arrow.ends, middle, y + 19, frame);
}

/** Text around a place, moved to the side where the drawing's edge is near. */
function words(label: string, x: number, y: number, frame: Frame, look: { readonly fill: string }): string {
  const at = inside(x, label.length * LABEL * LETTER, frame);
  return text(at, y, label, { "text-anchor": "middle", "font-size": LABEL, ...HALO, ...look });
}

function inside(x: number, length: number, { width }: Frame): number {
  return Math.max(TIMES + length / 2, Math.min(x, width - EDGE - length / 2));
}

/** The addresses below an arrow, those that NAT has just written in bold. */
function drawEnds(ends: Ends | null, x: number, y: number, frame: Frame): string {
  if (ends === null) return "";
  const part = (what: "source" | "destination") =>
    element(
      "tspan",
      ends.changed.includes(what) ? { "font-weight": 700, fill: INK } : {},
      escapeText(ends[what]),
    );
  const length = (ends.source.length + ends.destination.length + 3) * ENDS * LETTER;
  const attributes = { x: inside(x, length, frame), y, "text-anchor": "middle", "font-size": ENDS, ...HALO };
  return element("text", { ...attributes, fill: FAINT }, `${part("source")} → ${part("destination")}`);
}

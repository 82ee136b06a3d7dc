import type { Topology } from "../lab/topology.js";
import type { Journey } from "../trace/journey.js";
import { shortName } from "../trace/place-name.js";
import { Drawing } from "./figure.js";
import { FAINT, FONT, HIGHLIGHT, INK } from "./palette.js";
import { element, round, svg, text } from "./svg.js";
import {
  type Layout,
  layoutTopology,
  type PlacedDevice,
  type PlacedGroup,
  type PlacedLink,
  type Point,
} from "./topology-layout.js";
import { topologyTable } from "./topology-table.js";
import { drawTunnels } from "./topology-tunnels.js";
import { type Step, stepsOf, waysOf } from "./topology-ways.js";
import { endInWords, wayInWords } from "./way-in-words.js";

export interface TopologyOptions {
  /** Draw this packet's way into the picture: the links it took, numbered in order, and the tunnels that it took them for. */
  readonly journey?: Journey;
  /** Draw these machines only. Default: all. Throws a RangeError for a name that no machine has. */
  readonly machines?: readonly string[];
}

/** The machines, their namespaces and devices, as they are wired now; with a journey, its path on top. */
export function topology(all: Topology, options: TopologyOptions = {}): Drawing {
  const view = options.machines === undefined ? all : onlyWith(all, options.machines);
  const layout = layoutTopology(view);
  const content = drawTopology(layout, options.journey);
  const background = element("rect", {
    x: 0,
    y: 0,
    width: layout.width,
    height: layout.height,
    fill: "#ffffff",
  });
  return new Drawing(
    svg(layout.width, layout.height, background + content),
    describe(view, options.journey),
    topologyTable(view, drawnMoves(layout, options.journey)),
  );
}

/** The packet's moves as the map numbers them: those between devices that are drawn. */
function drawnMoves(layout: Layout, journey: Journey | undefined): readonly Step[] {
  const drawn = new Set(layout.devices.map(({ device }) => device.id));
  return journey === undefined
    ? []
    : stepsOf(journey).filter(({ from, to }) => drawn.has(from) && drawn.has(to));
}

/** The picture's content, without its ground: what stands where, and over it the packet's way. */
export function drawTopology(layout: Layout, journey: Journey | undefined): string {
  const steps = journey === undefined ? [] : stepsOf(journey);
  const used = new Set(steps.flatMap((step) => [step.from, step.to]));
  const ways = waysOf(layout, steps);
  const tunnels = journey === undefined ? null : drawTunnels(layout, journey);
  const parts = [
    ...layout.groups.map(drawGroup),
    ...layout.groups.filter(({ crossed }) => !crossed).map(drawTitle),
    ...layout.links.map(({ link, points }) => drawLink(points, link.kind)),
    tunnels?.lines ?? "",
    ...ways.map(drawWay),
    ...layout.groups.filter(({ crossed }) => crossed).map(drawTitle),
    ...layout.devices.map((placed) => drawDevice(placed, used.has(placed.device.id))),
    ...layout.links.map(drawNotes),
    tunnels?.names ?? "",
    ...ways.map((way, i) => drawNumber(halfWay(way), i + 1)),
  ];
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": 12, fill: INK };
  return element("g", font, parts.join(""));
}

function onlyWith({ machines, links }: Topology, names: readonly string[]): Topology {
  const missing = names.filter((name) => !machines.some((machine) => machine.name === name));
  if (missing.length > 0) throw new RangeError(`no machine "${missing.join('", "')}" to draw`);
  const isDrawn = (id: string) => names.some((name) => id.startsWith(`${name}/`));
  return {
    machines: machines.filter(({ name }) => names.includes(name)),
    links: links.filter(({ from, to }) => isDrawn(from) && isDrawn(to)),
  };
}

function drawGroup(group: PlacedGroup): string {
  const x = group.x - group.width / 2;
  const y = group.y - group.height / 2;
  const machine = group.kind === "machine";
  return element("rect", {
    x,
    y,
    width: group.width,
    height: group.height,
    rx: 8,
    fill: groundOf(group),
    stroke: machine ? "#c9d1d9" : "#9cc3ea",
    ...(machine ? {} : { "stroke-dasharray": "5 3" }),
  });
}

const groundOf = ({ kind }: PlacedGroup) => (kind === "machine" ? "#f6f8fa" : "#eef6ff");

function drawTitle(group: PlacedGroup): string {
  const { label, kind, crossed, titleX = group.x - group.width / 2 + 8 } = group;
  const halo = { stroke: groundOf(group), "stroke-width": 5, "paint-order": "stroke" };
  return text(titleX, group.y - group.height / 2 + 15, label, {
    "font-weight": 600,
    fill: kind === "machine" ? INK : "#1b4f8a",
    ...(crossed ? halo : {}),
  });
}

function drawLink(points: readonly Point[], kind: string): string {
  const style =
    kind === "cable" ? { stroke: INK, "stroke-width": 2.5 } : { stroke: FAINT, "stroke-width": 1.5 };
  return element("polyline", { points: pointList(points), fill: "none", ...style });
}

/** What was set on a cable, on a white ground in the middle of its line. */
function drawNotes({ link: { notes = [] }, points, notesAt }: PlacedLink): string {
  if (notes.length === 0 || points.length === 0) return "";
  const { x, y } = notesAt ?? halfWay(points);
  const width = Math.max(...notes.map((note) => note.length)) * NOTE_CHARACTER + 12;
  const height = notes.length * NOTE_LINE + 6;
  const ground = element("rect", {
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: 4,
    fill: "#fff8e6",
    stroke: "#d9a521",
  });
  const lines = notes.map((note, i) =>
    text(x, y - height / 2 + 13 + i * NOTE_LINE, note, { "text-anchor": "middle", "font-size": 11 }),
  );
  return ground + lines.join("");
}

/** Height of a line of a note, and about how wide one character of it is. */
const NOTE_LINE = 14;
const NOTE_CHARACTER = 6;

function drawDevice({ device, x, y, width, height }: PlacedDevice, used: boolean): string {
  const left = x - width / 2;
  const top = y - height / 2;
  const frame = element("rect", {
    x: left,
    y: top,
    width,
    height,
    rx: device.kind === "bridge" ? 14 : 4,
    fill: device.up ? "#ffffff" : "#eeeeee",
    stroke: used ? HIGHLIGHT : "#8b949e",
    "stroke-width": used ? 2 : 1,
  });
  const middle = { "text-anchor": "middle" };
  const note = device.addresses[0] ?? device.mac;
  return (
    frame +
    text(x, y - 3, device.name, { ...middle, "font-weight": 600 }) +
    text(x, y + 13, note, { ...middle, fill: FAINT, "font-size": 11 })
  );
}

function drawWay(points: readonly Point[]): string {
  return element("polyline", {
    points: pointList(points),
    fill: "none",
    stroke: HIGHLIGHT,
    "stroke-width": 3,
  });
}

function drawNumber({ x, y }: Point, number: number): string {
  return (
    element("circle", { cx: x, cy: y, r: 9, fill: HIGHLIGHT }) +
    text(x, y + 4, String(number), {
      "text-anchor": "middle",
      fill: "#ffffff",
      "font-size": 11,
      "font-weight": 600,
    })
  );
}

/** The middle of a line, by its length. */
function halfWay(points: readonly Point[]): Point {
  const lengths = points
    .slice(1)
    .map((point, i) => Math.hypot(point.x - points[i]!.x, point.y - points[i]!.y));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const [from, to] = [points[i]!, points[i + 1]!];
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    }
    left -= length;
  }
  return points[0]!;
}

function pointList(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
}

function describe(view: Topology, journey: Journey | undefined): string {
  const machines = view.machines.map((machine) => {
    const inside = machine.namespaces
      .filter((namespace) => !namespace.root)
      .map((namespace) => shortName(namespace.label));
    return inside.length === 0 ? machine.name : `${machine.name} (with ${inside.join(", ")})`;
  });
  return `Topology of ${machines.join(", ")}.${journey === undefined ? "" : ` ${wayThrough(journey)}`}`;
}

function wayThrough(journey: Journey): string {
  const devices = journey.devices.filter((device, i, all) => device !== all[i - 1]);
  const passed = devices.length === 0 ? "" : ` It passes ${devices.join(" → ")}.`;
  return `${wayInWords(journey)}${passed} ${endInWords(journey)}`;
}

import { deviceId, type Topology } from "../lab/topology.js";
import type { Journey } from "../trace/journey.js";
import { Drawing } from "./figure.js";
import { FAINT, FONT, HIGHLIGHT, INK } from "./palette.js";
import { element, round, svg, text } from "./svg.js";
import { type Layout, layoutTopology, type PlacedDevice, type PlacedGroup } from "./topology-layout.js";

export interface TopologyOptions {
  /** Draw this packet's way into the picture: the links it took, numbered in order. */
  readonly journey?: Journey;
}

/** The machines, their namespaces and devices, as they are wired now; with a journey, its path on top. */
export function topology(view: Topology, options: TopologyOptions = {}): Drawing {
  const layout = layoutTopology(view);
  const steps = options.journey === undefined ? [] : stepsOf(options.journey);
  const used = new Set(steps.flatMap((step) => [step.from, step.to]));
  const parts = [
    ...layout.groups.map(drawGroup),
    ...layout.links.map(({ link, points }) => drawLink(points, link.kind)),
    ...layout.devices.map((placed) => drawDevice(placed, used.has(placed.device.id))),
    ...drawSteps(layout, steps),
  ];
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": 12, fill: INK };
  const background = element("rect", {
    x: 0,
    y: 0,
    width: layout.width,
    height: layout.height,
    fill: "#ffffff",
  });
  return new Drawing(
    svg(layout.width, layout.height, background + element("g", font, parts.join(""))),
    describe(view, options.journey),
  );
}

interface Step {
  readonly from: string;
  readonly to: string;
}

/** The moves from device to device along the packet's first copies; a flooded frame has one move per copy. */
function stepsOf(journey: Journey): Step[] {
  const steps: Step[] = [];
  const lastOfBranch = new Map<number, string>();
  let last: string | null = null;
  for (const event of journey.events) {
    if (event.kind !== "transmit" && event.kind !== "receive" && event.kind !== "bridge") continue;
    const id = deviceId(event.machine, event.netns, event.kind === "bridge" ? event.bridge : event.device);
    const before: string | null = lastOfBranch.get(event.branch) ?? last;
    if (before !== null && before !== id && !steps.some((step) => step.from === before && step.to === id))
      steps.push({ from: before, to: id });
    lastOfBranch.set(event.branch, id);
    last = id;
  }
  return steps;
}

function drawGroup(group: PlacedGroup): string {
  const x = group.x - group.width / 2;
  const y = group.y - group.height / 2;
  const machine = group.kind === "machine";
  const frame = element("rect", {
    x,
    y,
    width: group.width,
    height: group.height,
    rx: 8,
    fill: machine ? "#f6f8fa" : "#eef6ff",
    stroke: machine ? "#c9d1d9" : "#9cc3ea",
    ...(machine ? {} : { "stroke-dasharray": "5 3" }),
  });
  return frame + text(x + 8, y + 15, group.label, { "font-weight": 600, fill: machine ? INK : "#1b4f8a" });
}

function drawLink(points: readonly { x: number; y: number }[], kind: string): string {
  const style =
    kind === "cable" ? { stroke: INK, "stroke-width": 2.5 } : { stroke: FAINT, "stroke-width": 1.5 };
  return element("polyline", { points: pointList(points), fill: "none", ...style });
}

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

function drawSteps(layout: Layout, steps: readonly Step[]): string[] {
  const boxes = new Map(layout.devices.map((placed) => [placed.device.id, placed]));
  return steps.flatMap(({ from, to }, i) => {
    const link = layout.links.find(
      ({ link: l }) => (l.from === from && l.to === to) || (l.from === to && l.to === from),
    );
    const a = boxes.get(from);
    const b = boxes.get(to);
    if (a === undefined || b === undefined) return [];
    const points = link?.points ?? [a, b];
    const middle = points[Math.floor(points.length / 2)]!;
    return [
      element("polyline", { points: pointList(points), fill: "none", stroke: HIGHLIGHT, "stroke-width": 3 }),
      element("circle", { cx: middle.x, cy: middle.y, r: 9, fill: HIGHLIGHT }) +
        text(middle.x, middle.y + 4, String(i + 1), {
          "text-anchor": "middle",
          fill: "#ffffff",
          "font-size": 11,
          "font-weight": 600,
        }),
    ];
  });
}

function pointList(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ");
}

function describe(view: Topology, journey: Journey | undefined): string {
  const machines = view.machines.map((machine) => {
    const inside = machine.namespaces
      .filter((namespace) => !namespace.root)
      .map((namespace) => namespace.label);
    return inside.length === 0 ? machine.name : `${machine.name} (with ${inside.join(", ")})`;
  });
  const path =
    journey === undefined
      ? ""
      : ` The packet ${journey.summary} goes ${journey.devices.filter((d, i, all) => d !== all[i - 1]).join(" → ")}.`;
  return `Topology of ${machines.join(", ")}.${path}`;
}

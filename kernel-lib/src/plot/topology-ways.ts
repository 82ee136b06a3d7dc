import { deviceId } from "../lab/topology.js";
import type { TraceEvent } from "../trace/events.js";
import type { Journey } from "../trace/journey.js";
import type { Layout, PlacedDevice, Point } from "./topology-layout.js";
import { crosses } from "./topology-tidy.js";

/** A move from one device to another, by their ids. */
export interface Step {
  readonly from: string;
  readonly to: string;
}

/** The moves from device to device along the packet's first copies; a flooded frame has one move per copy. */
export function stepsOf({ events }: Journey): Step[] {
  const steps: Step[] = [];
  const lastOfBranch = new Map<number, string>();
  let last: string | null = null;
  for (const event of events) {
    if (event.kind !== "transmit" && event.kind !== "receive" && event.kind !== "bridge") continue;
    const id = deviceId(event.machine, event.netns, event.kind === "bridge" ? event.bridge : event.device);
    const before: string | null = lastOfBranch.get(event.branch) ?? floodedBy(event, events) ?? last;
    if (before !== null && before !== id && !steps.some((step) => step.from === before && step.to === id))
      steps.push({ from: before, to: id });
    lastOfBranch.set(event.branch, id);
    last = id;
  }
  return steps;
}

/** The bridge that made the copy which is sent here; null when none did. */
export function floodedBy(sent: TraceEvent, events: readonly TraceEvent[]): string | null {
  if (sent.kind !== "transmit") return null;
  const { machine, netns, device, at } = sent;
  const flood = events.findLast(
    (event) =>
      event.kind === "bridge" &&
      event.machine === machine &&
      event.netns === netns &&
      event.at <= at &&
      event.out.includes(device),
  );
  return flood?.kind === "bridge" ? deviceId(machine, netns, flood.bridge) : null;
}

/** The line of each move: along the link, or within a machine from one device to the other. Moves between devices that are not drawn have none. */
export function waysOf(layout: Layout, steps: readonly Step[]): readonly (readonly Point[])[] {
  const boxes = new Map(layout.devices.map((placed) => [placed.device.id, placed]));
  return steps.flatMap(({ from, to }) => {
    const link = layout.links.find(
      ({ link: l }) => (l.from === from && l.to === to) || (l.from === to && l.to === from),
    );
    const a = boxes.get(from);
    const b = boxes.get(to);
    if (a === undefined || b === undefined) return [];
    return [link?.points ?? routedWay(a, b, layout.devices)];
  });
}

/** How far a routed way stands off the middle of a device, where its cable is. */
const ASIDE = 24;

/** Within a machine: straight between neighbours of one row and where one stands above the other, else sideways from the lower one and up to the other. */
function routedWay(a: PlacedDevice, b: PlacedDevice, devices: readonly PlacedDevice[]): readonly Point[] {
  if (Math.abs(a.y - b.y) < 1) {
    const side = Math.sign(b.x - a.x);
    return [
      { x: a.x + (side * a.width) / 2, y: a.y },
      { x: b.x - (side * b.width) / 2, y: b.y },
    ];
  }
  const [lower, upper] = a.y > b.y ? [a, b] : [b, a];
  const way = upwards(lower, upper, devices);
  return lower === a ? way : [...way].reverse();
}

function upwards(
  lower: PlacedDevice,
  upper: PlacedDevice,
  devices: readonly PlacedDevice[],
): readonly Point[] {
  const [top, bottom] = [lower.y - lower.height / 2, upper.y + upper.height / 2];
  if (Math.abs(lower.x - upper.x) < (lower.width + upper.width) / 4) {
    const x = (lower.x + upper.x) / 2;
    return [
      { x, y: top },
      { x, y: bottom },
    ];
  }
  const side = Math.sign(upper.x - lower.x);
  const corner = { x: upper.x - side * ASIDE, y: lower.y };
  const start = { x: lower.x + (side * lower.width) / 2, y: lower.y };
  const end = { x: corner.x, y: bottom };
  const blocked = devices.some((box) => box !== lower && box !== upper && crosses(start, corner, box));
  if (!blocked) return [start, corner, end];
  // Another device stands beside the lower one: between the rows there is room.
  const [x, y] = [lower.x + side * ASIDE, (top + bottom) / 2];
  return [{ x, y: top }, { x, y }, { x: corner.x, y }, end];
}

import { deviceId, type LinkView, type MachineView, type Topology } from "../lab/topology.js";
import type { DeviceKind } from "../link/device-kind.js";
import type { TraceEvent } from "../trace/events.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";
import { round } from "./svg.js";
import type { Layout, Point } from "./topology-layout.js";
import { floodedBy, stepsOf, waysOf } from "./topology-ways.js";

/** The device at which an event happens; null where it happens in the kernel between two devices. */
export function deviceOf(event: TraceEvent): string | null {
  if (event.kind === "bridge") return deviceId(event.machine, event.netns, event.bridge);
  if (event.kind !== "transmit" && event.kind !== "receive") return null;
  return deviceId(event.machine, event.netns, event.device);
}

/** What the packet itself saw of the topology: its machines, namespaces and devices, without addresses. */
export function topologySeen(journey: Journey): Topology {
  const machines = new Map<string, Map<string, Map<string, DeviceKind>>>();
  for (const event of journey.events) {
    const namespaces = machines.get(event.machine) ?? new Map<string, Map<string, DeviceKind>>();
    machines.set(event.machine, namespaces);
    const devices = namespaces.get(event.netns) ?? new Map<string, DeviceKind>();
    namespaces.set(event.netns, devices);
    if (event.kind === "bridge") devices.set(event.bridge, "bridge");
    if (event.kind === "transmit" || event.kind === "receive")
      devices.set(event.device, event.deviceKind as DeviceKind);
  }
  return {
    machines: [...machines].map(([name, namespaces]): MachineView => {
      const views = [...namespaces].map(([label, devices]) => ({
        label,
        root: label === name,
        devices: [...devices].map(([device, kind]) => ({
          id: deviceId(name, label, device),
          name: device,
          kind,
          mac: kind,
          addresses: [],
          up: true,
        })),
      }));
      return { name, namespaces: views };
    }),
    links: linksSeen(journey),
  };
}

/** Moves between namespaces go over a pair or a cable, moves from and to a bridge within one over a port. */
function linksSeen(journey: Journey): readonly LinkView[] {
  const ports = new Set(
    journey.events.flatMap((event) =>
      event.kind === "bridge"
        ? [event.port, ...event.out].map((port) => deviceId(event.machine, event.netns, port))
        : [],
    ),
  );
  const bridges = new Set(
    journey.events.flatMap((event) => (event.kind === "bridge" ? [deviceOf(event)!] : [])),
  );
  const home = (id: string) => id.slice(0, id.lastIndexOf("/"));
  const machine = (id: string) => id.slice(0, id.indexOf("/"));
  return stepsOf(journey).flatMap(({ from, to }): LinkView[] => {
    if (machine(from) !== machine(to)) return [{ from, to, kind: "cable" }];
    if (home(from) !== home(to)) return [{ from, to, kind: "veth" }];
    const bridge = [from, to].find((id) => bridges.has(id));
    const port = bridge === from ? to : from;
    return bridge !== undefined && ports.has(port) ? [{ from: bridge, to: port, kind: "port" }] : [];
  });
}

/** The line from where the packet was to where it is at each hop; its last point is that place. Empty while nothing of it is drawn. */
export function placesOf(layout: Layout, { hops, events }: Journey): readonly (readonly Point[])[] {
  const drawn = new Map(layout.devices.map((placed) => [placed.device.id, placed]));
  const states = new Map<number, Track>();
  const places: (readonly Point[])[] = hops.map(() => []);
  let last: Track | null = null;
  for (const [i, hop] of hops.entries()) {
    const track: Track = states.get(hop.branch) ?? begin(hop, events, last, layout);
    states.set(hop.branch, track);
    last = track;
    const device = deviceOf(hop.event);
    if (device === null || !drawn.has(device)) {
      track.waiting.push(i);
      continue;
    }
    const way = wayTo(layout, track, device);
    spread(track, [...track.waiting.splice(0), i], way, places);
    track.device = device;
  }
  for (const track of states.values())
    if (track.at !== null)
      for (const i of track.waiting) places[i] = [{ x: round(track.at.x), y: round(track.at.y) }];
  return places;
}

/** Where one copy of the packet is. */
interface Track {
  device: string | null;
  at: Point | null;
  /** Hops since that device, which lie between it and the next. */
  readonly waiting: number[];
}

function begin(
  { branch, event }: Hop,
  events: readonly TraceEvent[],
  last: Track | null,
  layout: Layout,
): Track {
  if (branch === 0 || last === null) return { device: null, at: null, waiting: [] };
  const device = floodedBy(event, events) ?? last.device;
  const box = layout.devices.find((placed) => placed.device.id === device);
  return { device, at: box === undefined ? last.at : { x: box.x, y: box.y - box.height / 2 }, waiting: [] };
}

/** The line from one device to another, in the direction of the packet. */
function wayTo(layout: Layout, { device, at }: Track, to: string): readonly Point[] {
  const box = layout.devices.find((placed) => placed.device.id === to)!;
  const above = { x: box.x, y: box.y - box.height / 2 - 8 };
  if (device === to) return at === null ? [above] : [at];
  const from = layout.devices.find((placed) => placed.device.id === device);
  const [way] = device === null ? [] : waysOf(layout, [{ from: device, to }]);
  if (way === undefined || way.length === 0 || from === undefined) return at === null ? [above] : [at, above];
  const away = (point: Point) => Math.hypot(point.x - from.x, point.y - from.y);
  const line = away(way[0]!) > away(way.at(-1)!) ? [...way].reverse() : way;
  return at === null ? line : [at, ...line];
}

/** Gives each of these hops an equal piece of the line, the last one its end. */
function spread(
  track: Track,
  hops: readonly number[],
  way: readonly Point[],
  places: (readonly Point[])[],
): void {
  const lengths = way.slice(1).map((point, i) => Math.hypot(point.x - way[i]!.x, point.y - way[i]!.y));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  // A packet that begins has not moved yet, whatever its kernel does with it.
  const still = track.at === null || whole === 0;
  for (const [k, hop] of hops.entries()) {
    const from = (whole * k) / hops.length;
    const to = (whole * (k + 1)) / hops.length;
    places[hop] = (still ? [way.at(-1)!] : piece(way, lengths, from, to)).map(({ x, y }) => ({
      x: round(x),
      y: round(y),
    }));
  }
  track.at = way.at(-1)!;
}

/** The part of a line between two distances from its beginning. */
function piece(
  way: readonly Point[],
  lengths: readonly number[],
  from: number,
  to: number,
): readonly Point[] {
  const corners: Point[] = [];
  let passed = 0;
  for (const [i, length] of lengths.entries()) {
    const [a, b] = [way[i]!, way[i + 1]!];
    const at = (distance: number) => {
      const part = length === 0 ? 0 : (distance - passed) / length;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
    };
    const end = passed + length;
    if (from >= passed && (from < end || corners.length === 0) && from <= end)
      corners.splice(0, corners.length, at(from));
    else if (corners.length > 0 && passed > from && passed < to) corners.push(a);
    if (to <= end) return [...corners, at(to)];
    passed = end;
  }
  return [...corners, way.at(-1)!];
}

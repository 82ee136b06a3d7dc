import {
  type Layout,
  type PlacedDevice,
  type PlacedGroup,
  type PlacedLink,
  type Point,
  TITLE,
} from "./topology-layers.js";

/** A finished layout, easier to read: short ways where a line went round for nothing, and names of groups where no line crosses them. */
export function tidied(layout: Layout): Layout {
  const links = layout.links.map((link) => straightened(link, layout.devices));
  return { ...layout, links, groups: layout.groups.map((group) => readable(group, links)) };
}

/** A line may be so many times as long as the straight way. */
const DETOUR = 1.2;

/** Layers put bends into the line between two devices of one namespace where the straight way would cross nothing. */
function straightened(placed: PlacedLink, devices: readonly PlacedDevice[]): PlacedLink {
  const { link, points } = placed;
  const [a, b] = [link.from, link.to].map((id) => devices.find(({ device }) => device.id === id));
  if (points.length < 3 || a === undefined || b === undefined || homeOf(link.from) !== homeOf(link.to))
    return placed;
  const [above, below] = a.y < b.y ? [a, b] : [b, a];
  const from = { x: above.x, y: above.y + above.height / 2 };
  const to = { x: below.x, y: below.y - below.height / 2 };
  const direct = Math.hypot(to.x - from.x, to.y - from.y);
  if (to.y <= from.y || lengthOf(points) <= DETOUR * direct) return placed;
  const blocked = devices.some((box) => box !== a && box !== b && crosses(from, to, box));
  return blocked ? placed : { ...placed, points: above === a ? [from, to] : [to, from] };
}

/** The machine and namespace of a device. */
const homeOf = (id: string) => id.slice(0, id.lastIndexOf("/"));

function lengthOf(points: readonly Point[]): number {
  return points
    .slice(1)
    .reduce((sum, { x, y }, i) => sum + Math.hypot(x - points[i]!.x, y - points[i]!.y), 0);
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether a straight line meets a box (given by its centre), looked at every few pixels. */
export function crosses(from: Point, to: Point, { x, y, width, height }: Area): boolean {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4);
  return Array.from({ length: steps + 1 }, (_, i) => i / Math.max(steps, 1)).some(
    (t) =>
      Math.abs(from.x + t * (to.x - from.x) - x) < width / 2 &&
      Math.abs(from.y + t * (to.y - from.y) - y) < height / 2,
  );
}

/** About how wide a character of a group's name is, and the room at both of its sides; in pixels. */
const CHARACTER = 7.4;
const ROOM = 8;

/** A name that a line would cross goes to the first place to the right where none does; without such a place it stands before the line. */
function readable(group: PlacedGroup, links: readonly PlacedLink[]): PlacedGroup {
  const left = group.x - group.width / 2 + ROOM;
  const right = group.x + group.width / 2 - ROOM;
  const width = group.label.length * CHARACTER;
  const y = group.y - group.height / 2 + TITLE / 2 + 2;
  const free = (x: number) => {
    const area = { x: x + width / 2, y, width: width + ROOM, height: TITLE };
    return !links.some(({ points }) => points.slice(1).some((point, i) => crosses(points[i]!, point, area)));
  };
  for (let x = left; x + width <= right; x += ROOM)
    if (free(x)) return x === left ? group : { ...group, titleX: x };
  return { ...group, crossed: !free(left) };
}

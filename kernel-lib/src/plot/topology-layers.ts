import { Graph, layout } from "@dagrejs/dagre";
import type { DeviceView, LinkView, Topology } from "../lab/topology.js";
import { shortName } from "../trace/place-name.js";

export interface Box {
  /** Centre. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedDevice extends Box {
  readonly device: DeviceView;
}

export interface PlacedGroup extends Box {
  readonly label: string;
  readonly kind: "machine" | "namespace";
  /** Where its name begins, when not at the left edge. */
  readonly titleX?: number;
  /** A line crosses the name, which then stands before it. */
  readonly crossed?: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedLink {
  readonly link: LinkView;
  readonly points: readonly Point[];
  /** Where the link's notes stand, when not half way along it. */
  readonly notesAt?: Point;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly devices: readonly PlacedDevice[];
  readonly groups: readonly PlacedGroup[];
  readonly links: readonly PlacedLink[];
}

/** Sizes in pixels: of a device, and of the room between devices of one layer and between layers; and which end is up. */
export interface Spacing {
  readonly deviceWidth: number;
  readonly deviceHeight: number;
  readonly beside: number;
  readonly between: number;
  /** "TB": containers on top, cards at the bottom. "BT": the other way round. */
  readonly direction: "TB" | "BT";
}

/** Room for a few machines. */
const WIDE: Spacing = { deviceWidth: 150, deviceHeight: 44, beside: 26, between: 40, direction: "TB" };
/** Room for a group's name above what is in it; dagre leaves none. */
export const TITLE = 18;

/** Places the topology by dagre (layers, top down): containers above their bridge, NICs below, machines as boxes around theirs. */
export function layoutLayers(topology: Topology, spacing: Spacing = WIDE): Layout {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: spacing.direction,
    nodesep: spacing.beside,
    ranksep: spacing.between,
    marginx: 16,
    marginy: 2 * TITLE,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const groups: { id: string; label: string; kind: "machine" | "namespace" }[] = [];
  const devices = new Map<string, DeviceView>();
  for (const machine of topology.machines) {
    const machineId = `machine ${machine.name}`;
    groups.push({ id: machineId, label: machine.name, kind: "machine" });
    graph.setNode(machineId, {});
    for (const namespace of machine.namespaces) {
      const groupId = namespace.root ? machineId : `namespace ${machine.name} ${namespace.label}`;
      if (!namespace.root) {
        groups.push({ id: groupId, label: shortName(namespace.label), kind: "namespace" });
        graph.setNode(groupId, {});
        graph.setParent(groupId, machineId);
      }
      for (const device of namespace.devices) {
        devices.set(device.id, device);
        graph.setNode(device.id, { width: spacing.deviceWidth, height: spacing.deviceHeight });
        graph.setParent(device.id, groupId);
      }
    }
  }
  const links = topology.links.filter((link) => devices.has(link.from) && devices.has(link.to)).map(downward);
  for (const link of links) graph.setEdge(link.from, link.to, { weight: 2 }, `${link.from} ${link.to}`);
  for (const machine of topology.machines)
    for (const { devices: all } of machine.namespaces)
      for (const [above, below] of stacked(all, isPort)) graph.setEdge(above, below, { weight: 1 }, "stack");
  layout(graph);
  return inOrder(read(graph, groups, devices, links));

  /** Containers on top: a veth pair runs from the container's end to the bridge's port, a port from itself to its bridge; a tunnel hangs below its bridge. */
  function downward(link: LinkView): LinkView {
    const turn =
      (link.kind === "port" && devices.get(link.to)?.kind !== "vxlan") ||
      (link.kind === "veth" && isPort(link.from) && !isPort(link.to));
    return turn ? { ...link, from: link.to, to: link.from } : link;
  }

  function isPort(id: string): boolean {
    return topology.links.some((link) => link.kind === "port" && link.to === id);
  }
}

/** Which device stands above which, without a link between them: bridges above tunnels, and these above the cards by which they send. */
function stacked(
  devices: readonly DeviceView[],
  isPort: (id: string) => boolean,
): readonly (readonly [string, string])[] {
  const of = (...kinds: readonly string[]) => devices.filter(({ kind }) => kinds.includes(kind));
  const cards = of("nic").filter(({ id }) => !isPort(id));
  const [bridges, tunnels] = [of("bridge"), of("vxlan")];
  const rows = tunnels.length === 0 ? [bridges, cards] : [bridges, tunnels, cards];
  return rows
    .slice(1)
    .flatMap((below, i) => rows[i]!.flatMap((a) => below.map((b) => [a.id, b.id] as const)));
}

function read(
  graph: Graph,
  groups: readonly { id: string; label: string; kind: "machine" | "namespace" }[],
  devices: ReadonlyMap<string, DeviceView>,
  links: readonly LinkView[],
): Layout {
  const box = (id: string): Box => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id) as Partial<Box>;
    return { x, y, width, height };
  };
  const size = graph.graph() as { width?: number; height?: number };
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    devices: [...devices].map(([id, device]) => ({ device, ...box(id) })),
    groups: groups
      .map(({ id, label, kind }) => ({ label, kind, ...titled(box(id), kind) }))
      .filter((group) => group.width > 0),
    links: links.map((link) => ({
      link,
      points:
        (
          graph.edge({ v: link.from, w: link.to, name: `${link.from} ${link.to}` }) as {
            points?: { x: number; y: number }[];
          }
        ).points ?? [],
    })),
  };
}

/** Machines are drawn from left to right in the lab's order, on the whole: a picture that has them the other way round is turned over. */
function inOrder(drawn: Layout): Layout {
  const machines = drawn.groups.filter(({ kind }) => kind === "machine");
  const middle = (machines.length - 1) / 2;
  if (machines.reduce((sum, { x }, i) => sum + (i - middle) * x, 0) >= 0) return drawn;
  const turn = <T extends { readonly x: number }>(one: T): T => ({ ...one, x: drawn.width - one.x });
  return {
    ...drawn,
    devices: drawn.devices.map(turn),
    groups: drawn.groups.map(turn),
    links: drawn.links.map(({ link, points }) => ({ link, points: points.map(turn) })),
  };
}

/** A machine's box holds the titles of the namespaces in it as well as its own. */
function titled(box: Box, kind: "machine" | "namespace"): Box {
  const extra = kind === "machine" ? 1.6 * TITLE : 0.6 * TITLE;
  return { ...box, y: box.y - extra / 2, height: box.height + extra };
}

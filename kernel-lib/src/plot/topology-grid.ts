import type { DeviceView, LinkView, MachineView, Topology } from "../lab/topology.js";
import {
  type Layout,
  layoutLayers,
  type PlacedDevice,
  type PlacedLink,
  type Point,
  type Spacing,
} from "./topology-layers.js";

/**
 * Many machines around the one that joins them (a switch, a router): that one is a band across the picture, the others stand in rows above and below it,
 * cards towards it. A cable from the next row is a straight line; one from a row behind goes down the gap at the left of its column.
 */
export function layoutGrid(topology: Topology): Layout | null {
  const hub = hubOf(topology);
  if (hub === null) return null;
  const parts = partsOf(topology, hub);
  const pieces = parts.map(
    (part): Piece => ({
      part,
      size: sizeOf(layoutLayers(part, spacingOf(part, "above"))),
      cables: cablesOf(topology, hub, part),
    }),
  );
  const grids = pieces.map((_, i) => arrange(hub, pieces, i + 1));
  return draw(topology, hub, grids.find(({ height, width }) => height <= TALLEST * width) ?? grids[0]!);
}

/** Height of a picture in parts of its width, at most, if more columns can help. */
const TALLEST = 1.6;
const DEVICE = { deviceWidth: 122, deviceHeight: 40 } as const;
/** Around the picture, between a row and the next, and at both sides of the lines in a gap between columns; in pixels. */
const MARGIN = 16;
const ROW_GAP = 26;
const COLUMN_GAP = 9;
/** Between two cables that run side by side. */
const LANE = 7;
/** Between the ports of the hub, one below the other; and the hub's title. */
const PORT_GAP = 8;
const TITLE = 24;
const STEP = DEVICE.deviceHeight + PORT_GAP;
const PORT = { width: DEVICE.deviceWidth, height: DEVICE.deviceHeight } as const;
/** Height of the hub's bridge, and with the room around it. */
const BRIDGE_HEIGHT = 44;
const BRIDGE_ROOM = 76;

/** The machine that has most of the cables, when it is no more than ports and at most one bridge: else a row of ports would not show it. */
function hubOf({ machines, links }: Topology): MachineView | null {
  const cables = links.filter(({ kind }) => kind === "cable");
  const count = (machine: MachineView) =>
    cables.filter((link) => ends(link).some((id) => isOn(id, machine))).length;
  const [hub] = [...machines].sort((a, b) => count(b) - count(a));
  if (hub === undefined || count(hub) < machines.length / 2 || hub.namespaces.length !== 1) return null;
  const devices = hub.namespaces[0]!.devices;
  const ports = devices.filter(({ kind }) => kind !== "bridge");
  const isCabled = ({ id }: DeviceView) =>
    cables.some((link) => ends(link).includes(id) && !ends(link).every((end) => isOn(end, hub)));
  return ports.every(isCabled) && devices.length - ports.length <= 1 ? hub : null;
}

const ends = ({ from, to }: LinkView): readonly [string, string] => [from, to];
const isOn = (id: string, machine: MachineView) => id.startsWith(`${machine.name}/`);

/** What is left in one piece when the hub is taken out: most are one machine; a router brings what is behind it. In the lab's order. */
function partsOf({ machines, links }: Topology, hub: MachineView): readonly Topology[] {
  const pieces: { machines: MachineView[] }[] = [];
  const left = new Set(machines.filter((machine) => machine !== hub));
  for (const first of left) {
    const piece = [first];
    left.delete(first);
    for (const machine of piece)
      for (const link of links.filter((one) => ends(one).some((id) => isOn(id, machine))))
        for (const other of left)
          if (ends(link).some((id) => isOn(id, other))) {
            piece.push(other);
            left.delete(other);
          }
    pieces.push({ machines: piece });
  }
  return pieces.map((piece) => ({
    machines: piece.machines,
    links: links.filter((link) =>
      ends(link).every((id) => piece.machines.some((machine) => isOn(id, machine))),
    ),
  }));
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface HubCable {
  readonly link: LinkView;
  readonly card: string;
  readonly port: string;
}

interface Piece {
  readonly part: Topology;
  readonly size: Box;
  readonly cables: readonly HubCable[];
}

/** Cards towards the hub. Machines one above the other need room for a title between. */
function spacingOf({ machines }: Topology, side: Side): Spacing {
  return {
    ...DEVICE,
    beside: 14,
    between: machines.length > 1 ? 40 : 24,
    direction: side === "above" ? "TB" : "BT",
  };
}

/** What a drawing fills, without its margins. */
function sizeOf({ groups }: Layout): Box {
  const left = Math.min(...groups.map(({ x, width }) => x - width / 2));
  const top = Math.min(...groups.map(({ y, height }) => y - height / 2));
  const right = Math.max(...groups.map(({ x, width }) => x + width / 2));
  const bottom = Math.max(...groups.map(({ y, height }) => y + height / 2));
  return { left, top, width: right - left, height: bottom - top };
}

function cablesOf({ links }: Topology, hub: MachineView, part: Topology): readonly HubCable[] {
  const isHere = (id: string) => part.machines.some((machine) => isOn(id, machine));
  return links.flatMap((link) => {
    const { from, to } = link;
    if (isOn(from, hub) && isHere(to)) return [{ link, port: from, card: to }];
    return isOn(to, hub) && isHere(from) ? [{ link, port: to, card: from }] : [];
  });
}

interface Cell extends Piece {
  readonly column: number;
  readonly side: Side;
  /** 0 is the row next to the hub. */
  readonly row: number;
}

type Side = "above" | "below";

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
  /** The columns from left to right. */
  readonly columns: readonly { readonly left: number; readonly width: number }[];
  /** The edge towards the hub of each row, the row next to the hub first. */
  readonly edges: Readonly<Record<Side, readonly number[]>>;
  readonly band: { readonly top: number; readonly bottom: number; readonly bridge: number };
}

/** So many columns: the places of rows and columns, and the size of the whole. */
function arrange(hub: MachineView, pieces: readonly Piece[], columns: number): Grid {
  const above = Math.ceil(Math.ceil(pieces.length / columns) / 2);
  const cells = pieces.map((piece, i): Cell => {
    const at = Math.floor(i / columns);
    const isAbove = at < above;
    return {
      ...piece,
      column: i % columns,
      side: isAbove ? "above" : "below",
      row: isAbove ? above - 1 - at : at - above,
    };
  });
  const ports = (side: Side) =>
    Math.max(...Array.from({ length: columns }, (_, column) => stackOf(cells, column, side).length));
  const heights = { above: heightsOf(cells, "above"), below: heightsOf(cells, "below") };
  const top = MARGIN + sum(heights.above) + ROW_GAP * heights.above.length;
  const bridge = top + TITLE + ports("above") * STEP + BRIDGE_ROOM / 2;
  const hasBridge = hub.namespaces[0]!.devices.some(({ kind }) => kind === "bridge");
  const bottom = bridge + (hasBridge ? BRIDGE_ROOM / 2 : 0) + ports("below") * STEP;
  const placed = columnsOf(cells, columns, Math.max(ports("above"), ports("below")) - 1);
  const nearer = (side: Side, row: number) => sum(heights[side].slice(0, row)) + ROW_GAP * (row + 1);
  return {
    cells,
    columns: placed,
    edges: {
      above: heights.above.map((_, row) => top - nearer("above", row)),
      below: heights.below.map((_, row) => bottom + nearer("below", row)),
    },
    band: { top, bottom, bridge },
    width: placed.at(-1)!.left + placed.at(-1)!.width + MARGIN,
    height: bottom + sum(heights.below) + ROW_GAP * heights.below.length + MARGIN,
  };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** The height of each row of a side, the row next to the hub first. */
function heightsOf(cells: readonly Cell[], side: Side): readonly number[] {
  const heights: number[] = [];
  for (const cell of cells)
    if (cell.side === side) heights[cell.row] = Math.max(heights[cell.row] ?? 0, cell.size.height);
  return heights;
}

/** Each column as wide as its widest cell, with the gap for its cables on the left. The last cell of all may reach into the free columns at its right. */
function columnsOf(cells: readonly Cell[], columns: number, lanes: number): Grid["columns"] {
  const placed: { left: number; width: number }[] = [];
  const isLast = (column: number) => column === columns - 1;
  let right = MARGIN - COLUMN_GAP;
  for (let column = 0; column < columns; column++) {
    const own = cells.filter(
      (c) => c.column === column && (c !== cells.at(-1) || isLast(column) || c.row === 0),
    );
    const width = Math.max(...own.map(({ size }) => size.width));
    const left = right + COLUMN_GAP + (lanes > 0 ? lanes * LANE + COLUMN_GAP : 0);
    placed.push({ left, width });
    right = left + width;
  }
  return placed;
}

/** The cables that go to the hub from one column's cells on one side, those of the nearest cell first. */
function stackOf(
  cells: readonly Cell[],
  column: number,
  side: Side,
): readonly { readonly cell: Cell; readonly cable: HubCable }[] {
  return cells
    .filter((cell) => cell.column === column && cell.side === side)
    .sort((a, b) => a.row - b.row)
    .flatMap((cell) => cell.cables.map((cable) => ({ cell, cable })));
}

function draw(topology: Topology, hub: MachineView, grid: Grid): Layout {
  const cells = grid.cells.map((cell) => drawCell(cell, grid));
  const cards = new Map(cells.flatMap(({ devices }) => devices).map((one) => [one.device.id, one]));
  const { columns, band, width, height } = grid;
  const hubDevices = new Map(hub.namespaces[0]!.devices.map((device) => [device.id, device]));
  const ports: PlacedDevice[] = [];
  const cables: PlacedLink[] = [];
  for (const [column, { left, width: room }] of columns.entries())
    for (const side of ["above", "below"] as const)
      for (const [i, { cell, cable }] of stackOf(grid.cells, column, side).entries()) {
        const away = STEP * i + DEVICE.deviceHeight / 2;
        const y = side === "above" ? band.top + TITLE + away : band.bottom - PORT_GAP - away;
        const port = { device: hubDevices.get(cable.port)!, x: left + room / 2, y, ...PORT };
        ports.push(port);
        const lane = i === 0 && cell.row === 0 ? null : left - COLUMN_GAP - LANE * Math.max(0, i - 1);
        const exit = grid.edges[side][cell.row]! + (side === "above" ? ROW_GAP / 2 : -ROW_GAP / 2);
        cables.push(drawCable(cable.link, cards.get(cable.card)!, port, exit, lane));
      }
  const bridge = hub.namespaces[0]!.devices.find(({ kind }) => kind === "bridge");
  const bars =
    bridge === undefined
      ? []
      : [
          {
            device: bridge,
            x: width / 2,
            y: band.bridge,
            width: width - 2.5 * MARGIN,
            height: BRIDGE_HEIGHT,
          },
        ];
  const frame = { x: width / 2, y: (band.top + band.bottom) / 2, height: band.bottom - band.top };
  return {
    width,
    height,
    devices: [...cells.flatMap((one) => one.devices), ...ports, ...bars],
    groups: [
      ...cells.flatMap((one) => one.groups),
      {
        label: hub.name,
        kind: "machine",
        ...frame,
        width: width - 2 * MARGIN,
        titleX: columns[0]!.left + 8,
      },
    ],
    links: [
      ...cells.flatMap((one) => one.links),
      ...cables,
      ...ports.flatMap((port) => bars.flatMap((bar) => toBridge(topology, port, bar))),
    ],
  };
}

/** A cell's drawing, moved to its place: in the middle of its column, at the edge of its row that is nearer to the hub. */
function drawCell({ part, side, column, row }: Cell, { columns, edges }: Grid): Layout {
  const drawn = layoutLayers(part, spacingOf(part, side));
  const size = sizeOf(drawn);
  const { left, width } = columns[column]!;
  const edge = edges[side][row]!;
  const dx = left + Math.max(0, width - size.width) / 2 - size.left;
  const dy = (side === "above" ? edge - size.height : edge) - size.top;
  const move = <T extends Point>(one: T): T => ({ ...one, x: one.x + dx, y: one.y + dy });
  return {
    ...drawn,
    devices: drawn.devices.map(move),
    groups: drawn.groups.map(move),
    links: drawn.links.map((one) => ({ ...one, points: one.points.map(move) })),
  };
}

/** From a card to its port: straight, or out of the row at `exit`, along the lane, and into the port's side. */
function drawCable(
  link: LinkView,
  card: PlacedDevice,
  port: PlacedDevice,
  exit: number,
  lane: number | null,
): PlacedLink {
  const down = Math.sign(exit - card.y);
  const start = { x: card.x, y: card.y + (down * card.height) / 2 };
  const out = { x: card.x, y: exit };
  const points =
    lane === null
      ? [start, out, { x: port.x, y: exit }, { x: port.x, y: port.y - (down * port.height) / 2 }]
      : [start, out, { x: lane, y: exit }, { x: lane, y: port.y }, { x: port.x - port.width / 2, y: port.y }];
  return { link, points, notesAt: out };
}

/** From the side of a port to the bridge's bar, past the ports between. */
function toBridge({ links }: Topology, port: PlacedDevice, bridge: PlacedDevice): readonly PlacedLink[] {
  const link = links.find(
    ({ kind, from, to }) => kind === "port" && from === bridge.device.id && to === port.device.id,
  );
  if (link === undefined) return [];
  const side = port.x + port.width / 2;
  const x = side + PORT_GAP / 2;
  const y = bridge.y + (Math.sign(port.y - bridge.y) * bridge.height) / 2;
  const points = [
    { x: side, y: port.y },
    { x, y: port.y },
    { x, y },
  ];
  return [{ link, points }];
}

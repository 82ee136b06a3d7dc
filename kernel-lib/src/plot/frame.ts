import type { Hop } from "../trace/hop.js";
import { Journey } from "../trace/journey.js";
import { dissect, type Layer } from "../wire/dissect.js";
import type { DrawingTable } from "./drawing-table.js";
import { Drawing } from "./figure.js";
import { FAINT, FONT, INK, PALETTE } from "./palette.js";
import { element, svg, text } from "./svg.js";

export interface FrameOptions {
  readonly title?: string;
  /** The UDP port behind which VXLAN is expected. Default: 4789, and of a traced packet the one that its tunnel uses. */
  readonly vxlanPort?: number;
}

/** What has a frame in it: a packet's way, one hop of it at which a device sent or received, a captured frame, or the bytes themselves. */
export type FrameSource =
  | Journey
  | Hop
  | { readonly bytes: Uint8Array; readonly originalLength: number }
  | Uint8Array;

/**
 * One frame as boxes in boxes, from the outermost header to the data, each with its place in the frame, its main fields and its first bytes; on top, the same
 * to scale. Of a journey it is the frame at its longest: within the tunnel when there is one.
 */
export function frame(source: FrameSource, options: FrameOptions = {}): Drawing {
  const { bytes, length, where, ports } = read(source, options);
  const layers = dissect(bytes, { length, ...(ports.length === 0 ? {} : { vxlanPorts: ports }) });
  const boxes = place(layers, bytes);
  const height = BOXES + boxes[0]!.height + MARGIN;
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": SIZE, fill: INK };
  const title = options.title ?? `A frame of ${length} bytes${where}`;
  const parts = [
    element("rect", { x: 0, y: 0, width: WIDTH, height, fill: "#ffffff" }),
    text(MARGIN, 24, title, { "font-size": 15 }),
    drawRuler(layers, length),
    ...boxes.map(drawBox),
  ];
  return new Drawing(
    svg(WIDTH, height, element("g", font, parts.join(""))),
    describe(title, layers, length),
    layersTable(title, layers),
  );
}

function layersTable(title: string, layers: readonly Layer[]): DrawingTable {
  const rows = layers.map(({ name, offset, length, fields }) => [
    name,
    `${offset}`,
    `${length}`,
    fields.map(([field, value]) => `${field} ${value}`).join(", "),
  ]);
  return { caption: `Data: ${title}`, head: ["part", "first byte", "bytes", "fields"], rows };
}

/** What is not a header: of it only the first line of bytes is shown. */
const PAYLOADS: ReadonlySet<Layer["name"]> = new Set(["data", "HTTP", "WebSocket", "RESP"]);

/** Sizes in pixels: the whole width, around everything, letters, a line of text and of bytes, how much narrower an inner box is on each side. */
const WIDTH = 600;
const MARGIN = 14;
const SIZE = 13;
const LINE = 18;
const BYTES_LINE = 15;
const INSET = 9;
/** Where the ruler and the boxes begin. */
const RULER = 62;
const BOXES = 92;

/** One part of the frame: its line and stretch, its letters, and its ground, on which letters stay readable in each box. */
interface Colour {
  readonly line: string;
  readonly ink: string;
  readonly ground: string;
}
const ENVELOPE: Colour = { line: PALETTE[0], ink: "#005a8c", ground: "#f1f7fb" };
const LABEL: Colour = { line: PALETTE[1], ink: "#a84300", ground: "#fdf4ee" };
const CARRIED: Colour = { line: PALETTE[2], ink: "#00664a", ground: "#eff8f5" };

interface Shown {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Where it was seen, for the title. */
  readonly where: string;
  readonly ports: readonly number[];
}

function read(source: FrameSource, { vxlanPort }: FrameOptions): Shown {
  const ports = vxlanPort === undefined ? [] : [vxlanPort];
  if (source instanceof Uint8Array) return { bytes: source, length: source.length, where: "", ports };
  if (source instanceof Journey)
    return { ...read(longest(source), {}), ports: ports.length > 0 ? ports : portsOf(source) };
  if ("bytes" in source) return { bytes: source.bytes, length: source.originalLength, where: "", ports };
  const { event, machine, netns } = source;
  if (event.kind !== "transmit" && event.kind !== "receive")
    throw new RangeError(`no device has the frame at hop ${source.number} (${source.stage})`);
  const place = netns === machine ? machine : `${netns} on ${machine}`;
  const way = event.kind === "transmit" ? "leaves" : "arrives at";
  return {
    bytes: event.frame,
    length: event.length,
    where: ` as it ${way} ${event.device} of ${place}`,
    ports,
  };
}

/** The first hop with the longest frame. */
function longest({ hops, summary }: Journey): Hop {
  const lengthOf = ({ event }: Hop) =>
    event.kind === "transmit" || event.kind === "receive" ? event.length : -1;
  const most = Math.max(...hops.map(lengthOf));
  const hop = hops.find((one) => lengthOf(one) === most);
  if (hop === undefined || most < 0) throw new RangeError(`no device had a frame of: ${summary}`);
  return hop;
}

/** The UDP ports of the tunnels on its way. */
function portsOf({ events }: Journey): readonly number[] {
  return events.flatMap((event) => (event.kind === "encapsulate" ? [event.destinationPort] : []));
}

interface Box {
  readonly layer: Layer;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
  readonly lines: readonly string[];
  readonly hex: readonly string[];
}

/** Boxes from outside in; each holds the next one below its own lines. */
function place(layers: readonly Layer[], bytes: Uint8Array): readonly Box[] {
  const boxes = layers.map((layer, depth) => {
    const width = WIDTH - 2 * (MARGIN + depth * INSET);
    const fields = layer.fields.map(([name, value]) => `${name} ${value}`.trimStart());
    const lines = wrap(fields, Math.floor((width - 20) / (SIZE * 0.54)));
    const hex = hexLines(bytes, layer, Math.floor((width - 20) / 20));
    return { layer, width, lines, hex, own: 26 + lines.length * LINE + hex.length * BYTES_LINE + 6 };
  });
  const colours = coloursOf(layers);
  let y = BOXES;
  return boxes.map(({ layer, width, lines, hex, own }, depth) => {
    const inside = boxes.slice(depth + 1).reduce((sum, box) => sum + box.own + INSET, 0);
    const x = MARGIN + depth * INSET;
    const box = { layer, x, y, width, height: own + inside, colour: colours[depth]!, lines, hex };
    y += own;
    return box;
  });
}

/** Fields joined by dots, as many on a line as fit. */
function wrap(fields: readonly string[], most: number): readonly string[] {
  const lines: string[] = [];
  for (const field of fields) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + field.length + 3 <= most)
      lines[lines.length - 1] = `${last} · ${field}`;
    else lines.push(field);
  }
  return lines;
}

/** A header's bytes in hexadecimal; of data, what fits in one line. */
function hexLines(bytes: Uint8Array, { name, offset, length }: Layer, most: number): readonly string[] {
  const shown = PAYLOADS.has(name) ? Math.min(length, most) : length;
  const all = [...bytes.subarray(offset, offset + shown)].map((byte) => byte.toString(16).padStart(2, "0"));
  const lines: string[] = [];
  for (let i = 0; i < all.length; i += most) lines.push(all.slice(i, i + most).join(" "));
  if (all.length < length && lines.length > 0) lines[lines.length - 1] += " …";
  return lines;
}

/** The envelope has one colour, its label another, and what is carried a third. A frame without an envelope has the third only. */
function coloursOf(layers: readonly Layer[]): readonly Colour[] {
  const label = layers.findLastIndex(({ name }) => name === "VXLAN");
  return layers.map((_, i) => (i < label ? ENVELOPE : i === label ? LABEL : CARRIED));
}

function drawBox({ layer, x, y, width, height, colour, lines, hex }: Box): string {
  const end = layer.offset + layer.length - 1;
  const size = layer.length === 1 ? "1 byte" : `${layer.length} bytes`;
  const title = { "font-weight": 600, "font-size": 14, fill: colour.ink };
  const place = { "text-anchor": "end", fill: FAINT, "font-size": 12 };
  const code = {
    "font-family": "ui-monospace, 'DejaVu Sans Mono', Menlo, monospace",
    "font-size": 11,
    fill: FAINT,
    "xml:space": "preserve",
  };
  const bytesAt = y + 20 + lines.length * LINE;
  return [
    element("rect", {
      x,
      y,
      width,
      height,
      rx: 6,
      fill: colour.ground,
      stroke: colour.line,
      "stroke-width": 1.5,
    }),
    text(x + 10, y + 20, layer.name, title),
    text(x + width - 10, y + 20, `bytes ${layer.offset}–${end}: ${size}`, place),
    ...lines.map((line, i) => text(x + 10, y + 20 + (i + 1) * LINE, line)),
    ...hex.map((line, i) => text(x + 10, bytesAt + (i + 1) * BYTES_LINE, line, code)),
  ].join("");
}

/** The frame to scale: one stretch a header, and below it what is envelope and what is carried. */
function drawRuler(layers: readonly Layer[], length: number): string {
  const scale = (WIDTH - 2 * MARGIN) / length;
  const colours = coloursOf(layers);
  const stretches = layers.map(({ offset, length: bytes }, i) =>
    element("rect", {
      x: MARGIN + offset * scale,
      y: RULER - 22,
      width: bytes * scale,
      height: 18,
      fill: colours[i]!.line,
      "fill-opacity": PAYLOADS.has(layers[i]!.name) ? 0.25 : 0.75,
      stroke: "#ffffff",
    }),
  );
  const { envelope } = partsOf(layers);
  const x = MARGIN + envelope * scale;
  const end = { "text-anchor": "end" };
  const note = { "font-size": 12, fill: FAINT };
  const captions =
    envelope === 0
      ? [
          text(MARGIN, RULER + 12, "0", note),
          text(WIDTH - MARGIN, RULER + 12, `${length}`, { ...note, ...end }),
        ]
      : [
          text(MARGIN, RULER + 12, `${envelope} bytes of envelope`, { ...note, fill: ENVELOPE.ink }),
          text(WIDTH - MARGIN, RULER + 12, `a frame of ${length - envelope} bytes in it`, {
            ...note,
            ...end,
            fill: CARRIED.ink,
          }),
          element("line", { x1: x, y1: RULER - 24, x2: x, y2: RULER + 2, stroke: INK }),
        ];
  return [...stretches, ...captions].join("");
}

/** Bytes in front of the frame within the last envelope; 0 where there is none. */
function partsOf(layers: readonly Layer[]): { readonly envelope: number; readonly vni: string } {
  const label = layers.findLast(({ name }) => name === "VXLAN");
  if (label === undefined) return { envelope: 0, vni: "" };
  return { envelope: label.offset + label.length, vni: label.fields.find(([name]) => name === "VNI")![1] };
}

function describe(title: string, layers: readonly Layer[], length: number): string {
  const list = layers.map(({ name, offset, length: bytes, fields }) => {
    const [from, to] = ["source", "destination"].map(
      (end) => fields.find(([field]) => field === end || field === `${end} port`)?.[1],
    );
    const ends = from === undefined || to === undefined ? "" : `, ${from} → ${to}`;
    return `${name} (${bytes} bytes from ${offset}${ends})`;
  });
  const { envelope, vni } = partsOf(layers);
  const tail =
    envelope === 0
      ? ""
      : ` The first ${envelope} bytes are the envelope of VXLAN ${vni}, the other ${length - envelope} the frame that it carries.`;
  return `${title}, from outside in: ${list.join(", ")}.${tail}`;
}

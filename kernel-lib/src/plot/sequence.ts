import { formatDuration } from "../base/units.js";
import type { Journey } from "../trace/journey.js";
import { Message } from "../trace/message.js";
import { excerpt, MessageList } from "../trace/message-list.js";
import { placeNames } from "../trace/place-name.js";
import { stretchesOf, type TunnelStretch } from "../trace/tunnel.js";
import { Drawing } from "./figure.js";
import { FAINT, FONT, HIGHLIGHT, INK, PALETTE } from "./palette.js";
import { element, escapeText, svg, text } from "./svg.js";

export interface SequenceOptions {
  readonly title?: string;
  /** At most this many packets are drawn (default 40); the rest is said in one line. */
  readonly most?: number;
}

const LANE = 190;
const ROW = 30;
const TOP = 64;
const TUNNEL = PALETTE[1];

/** Characters of a message that an arrow shows. */
const SAID = 44;

/**
 * Packets between namespaces as a sequence diagram: one line a namespace, one arrow a packet (one for each copy that arrived), in the order of time. Where NAT
 * changes a packet, it has an arrow on each side, with the addresses that it has there; where it goes through a VXLAN tunnel, the arrow is thick from one end
 * of the tunnel to the other. Messages (`sequence(trace.messages.find("hello"))`) have what they say above their arrows.
 */
export function sequence(
  packets: readonly Journey[] | Iterable<Message>,
  options: SequenceOptions = {},
): Drawing {
  const about = packets instanceof MessageList ? packets.sought : "";
  const labelled = [...packets].map((packet) => labelledPacket(packet, about));
  const said = labelled.length > 0 && labelled.every((one) => one.said);
  const journeys = labelled.map(({ journey }) => journey);
  const nameOf = placeNames(journeys.flatMap(({ events }) => events));
  const arrows = labelled
    .flatMap(({ journey, label }) => arrowsOf(journey, label, nameOf))
    .sort((a, b) => a.at - b.at);
  const shown = arrows.slice(0, options.most ?? 40);
  const lanes = lanesOf(shown, journeys, nameOf);
  const translated = shown.some(({ ends }) => ends !== null);
  const [lane, row] = translated ? [LANE + 70, ROW + 14] : [LANE, ROW];
  const x = (name: string) => lane / 2 + lanes.indexOf(name) * lane + 70;
  const width = Math.max(lanes.length * lane + 80, 420);
  const height = TOP + shown.length * row + 40;
  const start = journeys[0]?.startedAt ?? 0;
  const parts = [
    element("rect", { x: 0, y: 0, width, height, fill: "#ffffff" }),
    text(16, 22, options.title ?? `${said ? "Messages" : "Packets"} in the order of time`, {
      "font-size": 15,
    }),
    ...lanes.map((name) => drawLane(name, x(name), height)),
    ...shown.map((arrow, i) => drawTunnel(arrow.tunnel, x, TOP + row * (i + 0.7))),
    ...shown.map((arrow, i) => drawArrow(arrow, x(arrow.from), x(arrow.to), TOP + row * (i + 0.7), start)),
  ];
  if (shown.length < arrows.length)
    parts.push(text(16, height - 10, `… and ${arrows.length - shown.length} more`, { fill: FAINT }));
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": 12, fill: INK };
  const marker = `<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0L8,4L0,8z" fill="${INK}"/></marker></defs>`;
  const description = describe(journeys, said);
  return new Drawing(svg(width, height, marker + element("g", font, parts.join(""))), description);
}

interface Labelled {
  readonly journey: Journey;
  /** What stands above its arrow. */
  readonly label: string;
  /** It is a message of an application. */
  readonly said: boolean;
}

/** A message is drawn as the packet that brought it. Of a long one, what stands `about` that word is shown. */
function labelledPacket(packet: Journey | Message, about: string): Labelled {
  return packet instanceof Message
    ? { journey: packet.carrier, label: excerpt(packet.text, about, SAID), said: true }
    : { journey: packet, label: packet.summary.replace(/ \S+ → \S+/, ""), said: false };
}

interface Arrow {
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
interface Tunnel {
  readonly from: string;
  readonly to: string;
}

type NameOf = ReturnType<typeof placeNames>;

interface Ends {
  readonly source: string;
  readonly destination: string;
  /** What is new since the arrow before. */
  readonly changed: readonly string[];
}

/** Namespaces in the order in which packets pass them, where one stands between others: a translating host, the ends of a tunnel. */
function lanesOf(arrows: readonly Arrow[], journeys: readonly Journey[], nameOf: NameOf): string[] {
  const used = new Set(
    arrows.flatMap(({ from, to, tunnel }) => [
      from,
      ...(tunnel === null ? [] : [tunnel.from, tunnel.to]),
      to,
    ]),
  );
  const between = arrows.some(({ ends, tunnel }) => ends !== null || tunnel !== null);
  const passed = between ? journeys.flatMap(({ events }) => events.map(nameOf)) : [];
  return [...new Set([...passed, ...used])].filter((name) => used.has(name));
}

function arrowsOf(journey: Journey, label: string, nameOf: NameOf): Arrow[] {
  const [first] = journey.events;
  if (first === undefined) return [];
  const from = nameOf(first);
  const at = journey.startedAt;
  const arrows = journey.fates.flatMap((fate): Leg[] => {
    if (fate.kind === "under way") return [];
    const { machine } = fate;
    return [{ from, to: nameOf(fate), machine, label, at, lost: fate.kind === "drop", ends: null }];
  });
  // A flood is dropped by everyone whom it does not concern: that is no arrow of its own when somebody took the frame.
  const kept = arrows.some((arrow) => !arrow.lost)
    ? arrows.filter((arrow) => !arrow.lost)
    : arrows.slice(0, 1);
  const stretches = stretchesOf(journey.events);
  return kept.flatMap((arrow) => {
    const legs = translatedLegs(arrow, journey, nameOf);
    return legs.map((leg, i) =>
      tunnelled(leg, legs[i + 1]?.at ?? Number.POSITIVE_INFINITY, stretches, nameOf),
    );
  });
}

/** An arrow of which the tunnel is not known yet. */
interface Leg extends Omit<Arrow, "tunnel"> {
  /** The machine on which it ends. */
  readonly machine: string;
}

/** The tunnel through which the packet came on this leg, which ends before `until`. */
function tunnelled(leg: Leg, until: number, stretches: readonly TunnelStretch[], nameOf: NameOf): Arrow {
  const stretch = stretches.find(
    ({ start, to }) => start >= leg.at && start < until && to.machine === leg.machine,
  );
  return {
    ...leg,
    tunnel: stretch === undefined ? null : { from: nameOf(stretch.from), to: nameOf(stretch.to) },
  };
}

/** One arrow for each stretch between two places that change the packet's addresses. */
function translatedLegs(leg: Leg, journey: Journey, nameOf: NameOf): Leg[] {
  const legs: Leg[] = [];
  let { from, at } = leg;
  let ends: Ends | null = null;
  for (const event of journey.events) {
    if (event.kind !== "hook") continue;
    const changes = event.changes.filter(({ what }) => what === "source" || what === "destination");
    if (changes.length === 0) continue;
    const [source = "", destination = ""] = event.ends.split(" → ");
    ends ??= { source, destination, changed: [] };
    const here = nameOf(event);
    if (here !== from) legs.push({ ...leg, from, to: here, machine: event.machine, at, lost: false, ends });
    const old: readonly string[] = here === from ? ends.changed : [];
    const changed = changes.map(({ what }) => what);
    ends = {
      ...ends,
      ...Object.fromEntries(changes.map(({ what, after }) => [what, after])),
      changed: [...old, ...changed],
    };
    from = here;
    at = event.at;
  }
  return [...legs, { ...leg, from, at, ends }];
}

function drawLane(name: string, x: number, height: number): string {
  return (
    text(x, 48, name, { "text-anchor": "middle", "font-weight": 600 }) +
    element("line", { x1: x, y1: 56, x2: x, y2: height - 24, stroke: "#c9d1d9", "stroke-width": 1.5 })
  );
}

/** A band from one end of the tunnel to the other, below the arrow. */
function drawTunnel(tunnel: Tunnel | null, x: (name: string) => number, y: number): string {
  if (tunnel === null) return "";
  const [left, right] = [x(tunnel.from), x(tunnel.to)].sort((a, b) => a - b) as [number, number];
  const band = { x: left, y: y - 4, width: right - left, height: 8, rx: 4, fill: TUNNEL };
  return element("rect", { ...band, "fill-opacity": 0.35 });
}

function drawArrow(arrow: Arrow, from: number, to: number, y: number, start: number): string {
  const time = text(8, y + 4, formatDuration(arrow.at - start), { fill: FAINT, "font-size": 11 });
  const colour = arrow.lost ? HIGHLIGHT : INK;
  if (from === to) {
    const anchor = arrow.ends === null ? "start" : "end";
    const x = anchor === "start" ? from + 8 : from - 8;
    const label = `${arrow.label}${arrow.lost ? " ✕" : ""}`;
    return (
      time +
      text(x, y + 4, label, { fill: colour, "text-anchor": anchor }) +
      drawEnds(arrow.ends, x, y + 18, anchor)
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
  return (
    time +
    line +
    cross +
    text((from + to) / 2, y - 5, arrow.label, { "text-anchor": "middle", "font-size": 11, fill: colour }) +
    drawEnds(arrow.ends, (from + to) / 2, y + 12)
  );
}

/** The addresses below an arrow, those that NAT has just written in bold. */
function drawEnds(ends: Ends | null, x: number, y: number, anchor = "middle"): string {
  if (ends === null) return "";
  const part = (what: "source" | "destination") =>
    element(
      "tspan",
      ends.changed.includes(what) ? { "font-weight": 700, fill: INK } : {},
      escapeText(ends[what]),
    );
  const attributes = { x, y, "text-anchor": anchor, "font-size": 10, fill: FAINT };
  return element("text", attributes, `${part("source")} → ${part("destination")}`);
}

function describe(journeys: readonly Journey[], said: boolean): string {
  const names = [...new Set(journeys.flatMap((journey) => journey.path))];
  const tunnelled = journeys.filter(({ hops }) => hops.some(({ tunnel }) => tunnel !== null)).length;
  const through = tunnelled === 0 ? "" : ` ${tunnelled} of them through a VXLAN tunnel.`;
  const what = said ? "message" : "packet";
  return `${journeys.length} ${what}${journeys.length === 1 ? "" : "s"} between ${names.join(", ")}, in the order of time.${through}`;
}

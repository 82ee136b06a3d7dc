import { formatDuration } from "../base/units.js";
import type { Journey } from "../trace/journey.js";
import { Message } from "../trace/message.js";
import { excerpt, MessageList } from "../trace/message-list.js";
import { placeNames } from "../trace/place-name.js";
import { stretchesOf, type TunnelStretch } from "../trace/tunnel.js";
import type { DrawingTable } from "./drawing-table.js";
import { Drawing } from "./figure.js";
import { FAINT, FONT, INK } from "./palette.js";
import {
  type Arrow,
  drawArrow,
  drawLane,
  drawTunnel,
  type Ends,
  type Frame,
  TIMES,
} from "./sequence-arrow.js";
import { element, svg, text } from "./svg.js";

export interface SequenceOptions {
  readonly title?: string;
  /** At most this many packets are drawn (default 40); the rest is said in one line. */
  readonly most?: number;
}

/**
 * Sizes in pixels: the width that is aimed at, which a page shows without making it smaller; the room of a namespace's line, and about of a letter of its name; the
 * height of an arrow, with addresses below it or without; and what stands above all of them.
 */
const WIDTH = 700;
const LANE = { least: 84, most: 190 };
const LETTER = 7.4;
const ROW = { plain: 34, translated: 50 };
const TOP = 66;

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
  const row = translated ? ROW.translated : ROW.plain;
  const room = (WIDTH - TIMES) / Math.max(lanes.length, 1);
  const lane = Math.min(Math.max(room, LANE.least), LANE.most);
  // Names that have no room beside one another stand in two rows.
  const tiers = lanes.some((name) => name.length * LETTER > lane) ? 2 : 1;
  const top = TOP + (tiers - 1) * 16;
  const frame: Frame = {
    width: Math.max(TIMES + lanes.length * lane, 420),
    height: top + shown.length * row + 40,
    x: (name) => TIMES + (lanes.indexOf(name) + 0.5) * lane,
    start: journeys[0]?.startedAt ?? 0,
  };
  const title = options.title ?? `${said ? "Messages" : "Packets"} in the order of time`;
  const parts = [
    text(16, 22, title, { "font-size": 15 }),
    ...lanes.map((name, i) => drawLane(name, frame, i % tiers)),
    ...shown.map((arrow, i) => drawTunnel(arrow.tunnel, frame, top + row * (i + 0.7))),
    ...shown.map((arrow, i) => drawArrow(arrow, frame, top + row * (i + 0.7))),
  ];
  if (shown.length < arrows.length)
    parts.push(text(16, frame.height - 10, `… and ${arrows.length - shown.length} more`, { fill: FAINT }));
  return new Drawing(drawn(frame, parts), describe(journeys, said), arrowTable(title, arrows, frame.start));
}

function drawn({ width, height }: Frame, parts: readonly string[]): string {
  const ground = element("rect", { x: 0, y: 0, width, height, fill: "#ffffff" });
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": 12, fill: INK };
  const marker = `<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0L8,4L0,8z" fill="${INK}"/></marker></defs>`;
  return svg(width, height, marker + element("g", font, ground + parts.join("")));
}

/** A row for each arrow, those too for which the drawing has no room. */
function arrowTable(title: string, arrows: readonly Arrow[], start: number): DrawingTable {
  const translated = arrows.some(({ ends }) => ends !== null);
  const rows = arrows.map(({ at, from, to, label, ends, lost, tunnel }) => [
    formatDuration(at - start),
    from,
    to,
    label,
    ...(translated ? [ends === null ? "" : `${ends.source} → ${ends.destination}`] : []),
    [lost ? "lost" : "", tunnel === null ? "" : "through a tunnel"].filter(Boolean).join(", "),
  ]);
  const head = ["time", "from", "to", "what", ...(translated ? ["addresses"] : []), "notes"];
  return { caption: `Data: ${title}`, head, rows };
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

type NameOf = ReturnType<typeof placeNames>;

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

function describe(journeys: readonly Journey[], said: boolean): string {
  const names = [...new Set(journeys.flatMap((journey) => journey.path))];
  const tunnelled = journeys.filter(({ hops }) => hops.some(({ tunnel }) => tunnel !== null)).length;
  const through = tunnelled === 0 ? "" : ` ${tunnelled} of them through a VXLAN tunnel.`;
  const what = said ? "message" : "packet";
  const start = journeys[0]?.startedAt ?? 0;
  const end = Math.max(start, ...journeys.map(({ startedAt, duration }) => startedAt + duration));
  const hops = journeys.reduce((sum, journey) => sum + journey.hops.length, 0);
  return `${journeys.length} ${what}${journeys.length === 1 ? "" : "s"} between ${names.join(", ")}, in the order of time: ${hops} hops, ${formatDuration(end - start)}.${through}`;
}

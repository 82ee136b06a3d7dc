import { formatDuration } from "../base/units.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";
import { placeNames } from "../trace/place-name.js";
import { FAINT, FONT, HIGHLIGHT, INK } from "./palette.js";
import { deviceOf } from "./story-map.js";
import { element, svg, text } from "./svg.js";
import { drawTopology } from "./topology.js";
import type { Layout } from "./topology-layout.js";

/** Sizes in pixels: around the list, of a line, about of a letter, and where a row's words begin. */
const MARGIN = 16;
const LINE = 18;
const LETTER = 6.4;
const WORDS = 112;
const NARROWEST = 640;
/** So many moves are listed; a flood can have hundreds. */
const MOST = 40;

/** The whole way without a script: the map with the moves numbered, and below it what happened on each. */
export function drawStill(journey: Journey, layout: Layout): string {
  const width = Math.max(layout.width, NARROWEST);
  const moves = movesOf(journey, layout);
  const shown = moves.slice(0, MOST);
  const most = Math.floor((width - WORDS - MARGIN) / LETTER);
  const rows: string[] = [];
  let y = layout.height + MARGIN + LINE;
  for (const [i, move] of shown.entries()) {
    const lines = [`${move.from} → ${move.to}`, ...move.notes].flatMap((note, k) =>
      wrap(note, most).map((line) => ({ line, note: k > 0, ends: note.startsWith("dropped") })),
    );
    rows.push(drawRow(i + 1, move.time, lines, y));
    y += lines.length * LINE + 6;
  }
  if (moves.length > MOST) {
    rows.push(text(WORDS, y, `… and ${moves.length - MOST} moves more`, { fill: FAINT }));
    y += LINE;
  }
  const font = { "font-family": FONT.replaceAll('"', "'"), "font-size": 12, fill: INK };
  const ground = element("rect", { x: 0, y: 0, width, height: y, fill: "#ffffff" });
  return svg(width, y, ground + drawTopology(layout, journey) + element("g", font, rows.join("")));
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly time: string;
  readonly notes: readonly string[];
}

/** The moves as the map numbers them: from one drawn device to another, each once. */
function movesOf({ hops, events }: Journey, layout: Layout): readonly Move[] {
  const drawn = new Set(layout.devices.map(({ device }) => device.id));
  const nameOf = placeNames(events);
  const moves = new Map<string, { move: Omit<Move, "notes">; notes: string[] }>();
  const devices = new Map<number, { id: string; name: string }>();
  const waiting = new Map<number, string[]>();
  let last: { id: string; name: string } | null = null;
  for (const hop of hops) {
    const notes = waiting.get(hop.branch) ?? [];
    waiting.set(hop.branch, notes);
    notes.push(...notesOf(hop));
    const id = deviceOf(hop.event);
    if (id === null || !drawn.has(id)) continue;
    const here = { id, name: `${id.slice(id.lastIndexOf("/") + 1)} of ${nameOf(hop)}` };
    const before: { id: string; name: string } | null = devices.get(hop.branch) ?? last;
    devices.set(hop.branch, here);
    last = here;
    if (before === null || before.id === id) continue;
    const key = `${before.id} ${id}`;
    const move = { from: before.name, to: here.name, time: formatDuration(hop.since) };
    if (!moves.has(key)) moves.set(key, { move, notes: [] });
    moves.get(key)!.notes.push(...notes.splice(0));
  }
  const all = [...moves.values()];
  all.at(-1)?.notes.push(...[...waiting.values()].flat());
  return all.map(({ move, notes }) => ({ ...move, notes: [...new Set(notes)] }));
}

/** What a reader wants to know of a hop when only the whole way is told. */
function notesOf({ event, stage, text: said }: Hop): readonly string[] {
  switch (event.kind) {
    case "hook":
      return said
        .split("\n")
        .slice(event.verdict === "drop" ? 0 : 1)
        .map((line) => `${stage}: ${line}`);
    case "forward":
    case "encapsulate":
    case "decapsulate":
    case "deliver":
    case "drop":
      return [said];
    default:
      return [];
  }
}

function wrap(words: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

interface Line {
  readonly line: string;
  readonly note: boolean;
  readonly ends: boolean;
}

function drawRow(number: number, time: string, lines: readonly Line[], y: number): string {
  return [
    element("circle", { cx: MARGIN + 9, cy: y - 4, r: 9, fill: HIGHLIGHT }),
    text(MARGIN + 9, y, `${number}`, {
      "text-anchor": "middle",
      fill: "#ffffff",
      "font-size": 11,
      "font-weight": 600,
    }),
    text(WORDS - 14, y, time, { "text-anchor": "end", fill: FAINT }),
    ...lines.map(({ line, note, ends }, i) =>
      text(WORDS, y + i * LINE, line, note ? { fill: ends ? HIGHLIGHT : INK } : { "font-weight": 600 }),
    ),
  ].join("");
}

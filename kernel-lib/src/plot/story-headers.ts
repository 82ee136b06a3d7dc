import type { Rewrite } from "../trace/events.js";
import type { Hop } from "../trace/hop.js";
import type { Journey } from "../trace/journey.js";
import { dissect, type Layer } from "../wire/dissect.js";

/** One header as the packet has it at a hop. */
export interface StoryHeader {
  readonly name: string;
  /** The packet had no such header before. */
  readonly added: boolean;
  readonly fields: readonly StoryField[];
}

export interface StoryField {
  readonly name: string;
  readonly value: string;
  /** The value at the hop before, where it was another. */
  readonly before?: string;
}

type Header = Pick<Layer, "name" | "fields">;

/** Hops at which the frame is seen whole, with the header of its link. Elsewhere the kernel has taken that off, or not yet put it on. */
const ON_THE_LINK: ReadonlySet<Hop["event"]["kind"]> = new Set(["transmit", "receive", "bridge", "cable"]);

/**
 * The headers at each hop. Devices record their frames; between two devices the last frame (or, before the first and at the mouth of a tunnel, the next one)
 * tells, with what hooks and forwarding changed in between.
 */
export function headersOf({ hops, events }: Journey): readonly (readonly StoryHeader[])[] {
  const ports = events.flatMap((event) => (event.kind === "encapsulate" ? [event.destinationPort] : []));
  const frames = hops.map((hop) => frameAt(hop, ports));
  const known = new Map<number, Known>();
  let last: Known = new Map();
  return hops.map((hop, i) => {
    const whole = headersAt(hops, frames, i);
    const shown = ON_THE_LINK.has(hop.event.kind) || whole[0]?.name !== "Ethernet" ? whole : whole.slice(1);
    const mine: Known = known.get(hop.branch) ?? new Map(last);
    known.set(hop.branch, mine);
    last = mine;
    return marked(shown, mine, i === 0);
  });
}

function frameAt({ event }: Hop, ports: readonly number[]): readonly Header[] | null {
  if (event.kind !== "transmit" && event.kind !== "receive") return null;
  const { frame, length } = event;
  return dissect(frame, { length, ...(ports.length === 0 ? {} : { vxlanPorts: ports }) });
}

function headersAt(
  hops: readonly Hop[],
  frames: readonly (readonly Header[] | null)[],
  at: number,
): readonly Header[] {
  const { branch, tunnel } = hops[at]!;
  const own = frames[at];
  if (own) return own;
  const mine = (_: unknown, i: number) => frames[i] !== null && hops[i]!.branch === branch;
  const before = hops.findLastIndex((hop, i) => i < at && mine(hop, i));
  const after = hops.findIndex((hop, i) => i > at && mine(hop, i));
  const isLike = (i: number) => i >= 0 && hops[i]!.tunnel === tunnel;
  const between = (from: number, to: number) =>
    hops.slice(from, to).filter((hop) => hop.branch === branch && hop.tunnel === tunnel);
  if (isLike(after) && !isLike(before))
    return between(at + 1, after)
      .reverse()
      .flatMap((hop) => [...rewritesOf(hop)].reverse())
      .reduce<readonly Header[]>((headers, { what, before: old }) => set(headers, what, old), frames[after]!);
  const source = before >= 0 ? before : frames.findLastIndex((frame, i) => i < at && frame !== null);
  if (source < 0) return [];
  return between(source + 1, at + 1)
    .flatMap(rewritesOf)
    .reduce<readonly Header[]>((headers, { what, after: now }) => set(headers, what, now), frames[source]!);
}

/** What a hop changes in the headers. */
function rewritesOf({ event }: Hop): readonly Rewrite[] {
  if (event.kind === "hook") return event.changes;
  if (event.kind !== "forward") return [];
  return [{ what: "TTL", before: `${event.ttl + 1}`, after: `${event.ttl}` }];
}

/** The headers with one value changed in the outermost IPv4 header and, for a port, in the header behind it. */
function set(headers: readonly Header[], what: Rewrite["what"], value: string): readonly Header[] {
  const at = headers.findIndex(({ name }) => name === "IPv4");
  const [address, port] = value.split(":");
  return headers.map((header, i) => {
    if (at >= 0 && i === at) return withField(header, what, address!);
    if (at >= 0 && i === at + 1 && port !== undefined) return withField(header, `${what} port`, port);
    return header;
  });
}

function withField(header: Header, field: string, value: string): Header {
  return {
    ...header,
    fields: header.fields.map(([name, old]) => [name, name === field ? value : old] as const),
  };
}

/** Values as last seen: by the header, counted from the innermost, and the field. */
type Known = Map<string, string>;

function marked(headers: readonly Header[], known: Known, first: boolean): readonly StoryHeader[] {
  return headers.map(({ name, fields }, i) => {
    const key = `${headers.length - i} ${name}`;
    const added = !first && !known.has(key);
    known.set(key, "");
    return {
      name,
      added,
      fields: fields.map(([field, value]) => {
        const before = known.get(`${key} ${field}`);
        known.set(`${key} ${field}`, value);
        return { name: field, value, ...(before === undefined || before === value ? {} : { before }) };
      }),
    };
  });
}

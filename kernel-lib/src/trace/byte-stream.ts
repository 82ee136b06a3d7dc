import { IPV4_LENGTH, ipv4, ipv4HeaderLength } from "../wire/ipv4.js";
import { tcp, tcpHeaderLength } from "../wire/tcp.js";
import { type Addresses, addressesOf } from "./addresses.js";
import type { BornEvent } from "./events.js";
import type { Journey } from "./journey.js";

/** A TCP segment with data, or one that was sent again: the bytes [start, end) of its stream. */
export interface Carrier {
  readonly journey: Journey;
  readonly start: number;
  readonly end: number;
}

/** Bytes of a stream that follow each other without a gap. */
export interface Run {
  /** Place of the first byte in the stream. */
  readonly start: number;
  readonly bytes: Uint8Array;
  /** Places in the stream where a segment begins. */
  readonly boundaries: readonly number[];
}

/** What one end of a TCP connection sent while a trace was on. */
export interface ByteStream {
  readonly machine: string;
  readonly netns: string;
  /** The connection as its sender's socket has it: `172.18.0.11:43210`, `172.18.0.100:6379`. */
  readonly source: string;
  readonly destination: string;
  /** Who made the connection; where the trace has not seen that, the end with the higher port. */
  readonly client: boolean;
  readonly carriers: readonly Carrier[];
  readonly runs: readonly Run[];
  /** The other direction; null when it said nothing. */
  readonly answers: ByteStream | null;
}

/** A stream while segments are put into it. */
class Gathering {
  readonly carriers: Carrier[] = [];
  readonly runs: { start: number; parts: Uint8Array[]; end: number; boundaries: number[] }[] = [];
  /** Where the receiver's socket is, and the connection as that has it: the key of the other direction. */
  reverse: string | null = null;
  opened = false;
  private base = -1;
  private last = 0;
  private end = 0;

  constructor(readonly first: Addresses) {}

  /** Puts a segment in. A sender's new data comes in order, so what lies before the end was sent before. */
  add(journey: Journey, packet: Uint8Array): void {
    const at = ipv4HeaderLength(packet, 0);
    const header = at + tcpHeaderLength(packet, at);
    const length = ipv4.totalLength.get(packet, 0) - header;
    const sequence = tcp.sequence.get(packet, at);
    if (this.base < 0) this.base = sequence;
    const start = this.last + ((sequence - ((this.base + this.last) >>> 0)) | 0);
    this.last = start;
    this.carriers.push({ journey, start, end: start + length });
    if (start + length <= this.end || start < 0) return;
    const known = Math.max(0, this.end - start);
    this.append(start + known, packet.subarray(header + known));
    this.end = start + length;
  }

  private append(start: number, bytes: Uint8Array): void {
    const run = this.runs.at(-1);
    if (run?.end === start) {
      run.parts.push(bytes);
      run.boundaries.push(start);
      run.end = start + bytes.length;
    } else this.runs.push({ start, parts: [bytes], boundaries: [start], end: start + bytes.length });
  }
}

/** Puts the data of a trace's TCP segments together, one stream for each direction of each connection, in the order in which they began. */
export function byteStreamsOf(journeys: readonly Journey[]): readonly ByteStream[] {
  const gathered: Gathering[] = [];
  const current = new Map<string, Gathering>();
  for (const journey of journeys) {
    const born = journey.events.find((event): event is BornEvent => event.kind === "born");
    if (born === undefined || !born.summary.startsWith("TCP ")) continue;
    const opening = born.summary.startsWith("TCP SYN ");
    if (born.packet === undefined && !opening) continue;
    const addresses = addressesOf(journey.events);
    const [first] = addresses;
    if (first === undefined) continue;
    const key = keyOf(first.machine, first.netns, first.source, first.destination);
    let stream = current.get(key);
    if (stream === undefined || (opening && stream.carriers.length > 0)) {
      stream = new Gathering(first);
      current.set(key, stream);
      gathered.push(stream);
    }
    stream.opened ||= opening;
    stream.reverse ??= reverseKey(journey, addresses.at(-1)!);
    if (born.packet !== undefined && born.packet.length > IPV4_LENGTH) stream.add(journey, born.packet);
  }
  return paired(gathered);
}

function keyOf(machine: string, netns: string, source: string, destination: string): string {
  return `${machine}/${netns} ${source} ${destination}`;
}

function reverseKey({ fates }: Journey, { source, destination }: Addresses): string | null {
  const end = fates.find((fate) => fate.kind === "delivered");
  return end?.kind === "delivered" ? keyOf(end.machine, end.netns, destination, source) : null;
}

function paired(gathered: readonly Gathering[]): readonly ByteStream[] {
  const streams = new Map<Gathering, ByteStream & { answers: ByteStream | null }>();
  const byKey = new Map<string, Gathering[]>();
  for (const one of gathered) {
    const { machine, netns, source, destination } = one.first;
    const key = keyOf(machine, netns, source, destination);
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  const turns = new Map<string, number>();
  const otherOf = (one: Gathering): Gathering | null => {
    if (one.reverse === null) return null;
    // A port that is used again: the first connection on it has the first stream of answers.
    const turn = turns.get(one.reverse) ?? 0;
    turns.set(one.reverse, turn + 1);
    return byKey.get(one.reverse)?.[turn] ?? null;
  };
  const others = new Map(gathered.map((one) => [one, otherOf(one)]));
  for (const one of gathered) {
    const { machine, netns, source, destination } = one.first;
    const client = one.opened || (others.get(one)?.opened !== true && portOf(source) > portOf(destination));
    const runs = one.runs.map(({ start, parts, boundaries }) => ({
      start,
      bytes: joined(parts),
      boundaries,
    }));
    const { carriers } = one;
    streams.set(one, { machine, netns, source, destination, client, carriers, runs, answers: null });
  }
  for (const [one, other] of others)
    if (other !== null) (streams.get(one) as { answers: ByteStream | null }).answers = streams.get(other)!;
  return [...streams.values()];
}

function portOf(end: string): number {
  return Number(end.slice(end.lastIndexOf(":") + 1));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

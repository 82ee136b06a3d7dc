import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { formatDuration, type Nanoseconds } from "../base/units.js";
import { type Addresses, addressesOf } from "./addresses.js";
import { type ApplicationData, type ApplicationProtocol, applicationDataOf } from "./application-data.js";
import { type ByteStream, byteStreamsOf, type Carrier } from "./byte-stream.js";
import { methodOf } from "./http-data.js";
import type { Journey } from "./journey.js";
import { MessageTable } from "./message-table.js";

/** A namespace on a machine. */
export interface Place {
  readonly machine: string;
  readonly netns: string;
}

/** What one program said to another: an HTTP request, a WebSocket message, a command of Redis, found in the segments that crossed the network. */
export class Message implements Displayable {
  readonly protocol: ApplicationProtocol;
  readonly kind: ApplicationData["kind"];
  /** What it says, in one piece: `PUBLISH chat:lobby {…}`. */
  readonly text: string;
  /** Bytes of it in the TCP stream. */
  readonly length: number;
  /** The packets that carried it, those that were sent again too, in the order of time. */
  readonly journeys: readonly Journey[];
  /** When its last byte reached the other socket; null when it had not when the trace ended. */
  readonly arrivedAt: Nanoseconds | null;
  /** The packet that brought the last byte; when none did, the last that tried. */
  readonly carrier: Journey;

  constructor(
    data: ApplicationData,
    /** The connection as the sender's socket has it, and what was said on it. */
    readonly stream: ByteStream,
  ) {
    this.protocol = data.protocol;
    this.kind = data.kind;
    this.text = data.text;
    this.length = data.end - data.start;
    const carriers = stream.carriers.filter(({ start, end }) => start < data.end && end > data.start);
    this.journeys = carriers.map(({ journey }) => journey);
    const arrival = arrivalOf(data, carriers);
    this.arrivedAt = arrival?.at ?? null;
    this.carrier = arrival?.journey ?? this.journeys.at(-1)!;
  }

  /** When its first byte was handed to the network. */
  get sentAt(): Nanoseconds {
    return this.journeys[0]!.startedAt;
  }

  /** Modelled time from the first byte's start to the last byte's arrival; null when it did not arrive. */
  get took(): Nanoseconds | null {
    return this.arrivedAt === null ? null : this.arrivedAt - this.sentAt;
  }

  get from(): Place {
    const { machine, netns } = this.stream;
    return { machine, netns };
  }

  get to(): Place | null {
    const end = this.carrier.fates.find((fate) => fate.kind === "delivered");
    return end?.kind === "delivered" ? { machine: end.machine, netns: end.netns } : null;
  }

  /** Addresses and ports on the way, before and behind each translation. */
  get addresses(): readonly Addresses[] {
    return addressesOf(this.carrier.events);
  }

  /** The VNI of the VXLAN tunnel that it went through; null when it went through none. */
  get tunnel(): number | null {
    const into = this.carrier.events.find((event) => event.kind === "encapsulate");
    return into?.kind === "encapsulate" ? into.vni : null;
  }

  /** Devices on its way, in order. */
  get devices(): readonly string[] {
    return this.carrier.devices;
  }

  /** Every device and translation on its way, as a table that displays itself. */
  table(): MessageTable {
    return new MessageTable(this);
  }

  toString(): string {
    const end = this.took === null ? "did not arrive" : `arrived after ${formatDuration(this.took)}`;
    return `${this.protocol} ${this.kind}: ${this.text} · ${this.carrier.path.join(" → ")} · ${end}`;
  }

  [DISPLAY](): MimeBundle {
    return this.table()[DISPLAY]();
  }
}

/** What the programs said to each other in these packets, in the order in which it was sent. */
export function messagesOf(journeys: readonly Journey[]): readonly Message[] {
  const streams = byteStreamsOf(journeys);
  const asked = new Map<ByteStream, readonly ApplicationData[]>();
  for (const stream of streams) if (stream.client) asked.set(stream, applicationDataOf(stream));
  return streams
    .flatMap((stream) => {
      const requests = stream.answers === null ? [] : (asked.get(stream.answers) ?? []);
      const methods = requests.map(methodOf).filter((method) => method !== null);
      const data = asked.get(stream) ?? applicationDataOf(stream, methods);
      return data.map((one) => new Message(one, stream));
    })
    .sort((a, b) => a.sentAt - b.sentAt);
}

/** Which packet brought the last of the bytes that were missing; null when some never came. A packet of which a piece was lost counts together with those that were sent again. */
function arrivalOf(
  { start, end }: ApplicationData,
  carriers: readonly Carrier[],
): { readonly at: Nanoseconds; readonly journey: Journey } | null {
  const arrived = carriers
    .flatMap(({ journey, start: from, end: to }) => {
      const at = journey.events.findLast(({ kind }) => kind === "deliver")?.at;
      const whole = journey.fates.every(({ kind }) => kind === "delivered");
      return at === undefined ? [] : [{ journey, from, to, at, whole }];
    })
    .sort((a, b) => a.at - b.at);
  let reached = start;
  let last: (typeof arrived)[number] | null = null;
  while (reached < end) {
    const next =
      arrived.find(({ from, to, whole }) => whole && from <= reached && to > reached) ??
      arrived.findLast(({ from, to }) => from <= reached && to > reached);
    if (next === undefined) return null;
    if (last === null || next.at > last.at) last = next;
    reached = next.to;
  }
  return last;
}

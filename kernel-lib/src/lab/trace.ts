import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import { DROP_REASON_TEXT } from "../trace/drop-reason.js";
import type { TraceEvent } from "../trace/events.js";
import { type Fate, type Journey, journeysOf } from "../trace/journey.js";
import { messagesOf } from "../trace/message.js";
import { MessageList } from "../trace/message-list.js";
import { traceCapture } from "./trace-capture.js";

const HEAD = ["#", "made at", "packet", "way", "end", "modelled time"];

/** Everything that packets did while something ran in a lab. */
export class Trace<T = unknown> implements Displayable {
  readonly journeys: readonly Journey[];
  private said: MessageList | null = null;

  constructor(
    /** What the traced code gave back. */
    readonly value: T,
    readonly events: readonly TraceEvent[],
  ) {
    this.journeys = journeysOf(events);
  }

  /** The journeys whose summary holds `text`: `trace.find("TCP SYN")`. */
  find(text: string): readonly Journey[] {
    return this.journeys.filter((journey) => journey.summary.includes(text));
  }

  /** The first of them. Throws when there is none, and says which there are. */
  first(text: string): Journey {
    const journey = this.find(text)[0];
    if (journey === undefined) {
      const known = this.journeys.map((other) => other.summary).join("\n  ");
      throw new RangeError(`no packet of this trace is "${text}"; there are:\n  ${known}`);
    }
    return journey;
  }

  /**
   * Every frame as each device sent or received it, as a pcapng file: what Wireshark and `tshark -r` open. A segment stands there once for each device: with
   * `-o tcp.analyze_sequence_numbers:FALSE` tshark does not take that for repetitions, and names what is inside.
   */
  get pcap(): Uint8Array {
    return traceCapture(this.events);
  }

  /**
   * What programs said to each other: HTTP requests and responses, WebSocket messages, commands, replies and pushes of Redis, each found in the segments that
   * carried it. `trace.messages.find("hello")` follows a word through them.
   */
  get messages(): MessageList {
    this.said ??= new MessageList(messagesOf(this.journeys));
    return this.said;
  }

  get rows(): readonly (readonly string[])[] {
    const start = this.journeys[0]?.startedAt ?? 0;
    return this.journeys.map((journey, i) => [
      String(i),
      formatDuration(journey.startedAt - start),
      journey.summary,
      journey.path.join(" → "),
      endOf(journey.fates),
      formatDuration(journey.duration),
    ]);
  }

  toString(): string {
    return `${this.caption}\n${textTable(HEAD, this.rows, [0, 1, 5])}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, HEAD, this.rows) };
  }

  private get caption(): string {
    return `${this.journeys.length} packet${this.journeys.length === 1 ? "" : "s"}`;
  }
}

function endOf(fates: readonly Fate[]): string {
  const delivered = fates.find((fate) => fate.kind === "delivered");
  if (delivered?.kind === "delivered") return `delivered to ${delivered.to}`;
  const dropped = fates.find((fate) => fate.kind === "drop");
  if (dropped?.kind === "drop") return `dropped: ${DROP_REASON_TEXT[dropped.reason]}`;
  return "under way";
}

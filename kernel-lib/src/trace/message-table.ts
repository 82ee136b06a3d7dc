import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import { udpEnds } from "./addresses.js";
import { shortened } from "./deciding.js";
import type { DeviceEvent, TraceEvent } from "./events.js";
import type { Message } from "./message.js";
import { placeNames } from "./place-name.js";
import { tunnelsOf } from "./tunnel.js";

const HEAD = ["#", "time", "where", "at", "addresses there", "what happens", "because of"];

/** The way of one message: each device that its packet passed, with the addresses that it had there, and each translation with the rule and the command behind it. */
export class MessageTable implements Displayable {
  readonly caption: string;
  readonly rows: readonly (readonly string[])[];

  constructor(message: Message) {
    this.caption = `${message.protocol} ${message.kind}: ${message.text}`;
    this.rows = rowsOf(message);
  }

  toString(): string {
    return [this.caption, textTable(this.head, this.shown, [0, 1])].join("\n");
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, this.head, this.shown) };
  }

  /** The last column is there when a rule decided something. */
  private get owed(): boolean {
    return this.rows.some((row) => row.at(-1) !== "");
  }

  private get head(): readonly string[] {
    return this.owed ? HEAD : HEAD.slice(0, -1);
  }

  private get shown(): readonly (readonly string[])[] {
    return this.owed ? this.rows : this.rows.map((row) => row.slice(0, -1));
  }
}

function rowsOf({ carrier, addresses, sentAt }: Message): string[][] {
  const { events } = carrier;
  const nameOf = placeNames(events);
  const tunnels = tunnelsOf(events);
  const steps = [...addresses];
  let now = steps.shift();
  const rows: string[][] = [];
  events.forEach((event, i) => {
    const before = now;
    if (event.kind === "hook" && steps[0]?.at === event.at && steps[0].hook === event.hook)
      now = steps.shift();
    const what = whatOf(event, now !== before ? (now?.rule ?? "") : null);
    if (what === null || now === undefined) return;
    const ends = `${now.source} → ${now.destination}`;
    const tunnel = tunnels[i];
    const device = event.kind === "transmit" || event.kind === "receive" ? event : null;
    const there = device !== null && tunnel !== null ? enveloped(device, ends) : ends;
    rows.push([
      String(rows.length + 1),
      formatDuration(event.at - sentAt),
      nameOf(event),
      stageOf(event),
      there,
      what,
      now !== before ? shortened(now.because) : "",
    ]);
  });
  return rows;
}

/** Within a tunnel: the envelope's addresses first, then those inside. */
function enveloped({ frame }: DeviceEvent, ends: string): string {
  const outer = udpEnds(frame, ETHERNET_LENGTH);
  return outer === null ? ends : `${outer}\n  inside: ${ends}`;
}

function stageOf(event: TraceEvent): string {
  switch (event.kind) {
    case "transmit":
    case "receive":
    case "encapsulate":
    case "decapsulate":
      return event.device;
    case "hook":
      return event.hook;
    case "deliver":
      return "socket";
    case "drop":
      return event.where;
    default:
      return "program";
  }
}

/** What a row says; null for events that this table leaves out. `rule` is there when the addresses have just been changed. */
function whatOf(event: TraceEvent, rule: string | null): string | null {
  switch (event.kind) {
    case "born":
      return "is sent";
    case "transmit":
      return "leaves";
    case "receive":
      return "arrives";
    case "hook":
      return rule === null ? null : rule === "" ? "the connection remembers it" : rule;
    case "encapsulate":
      return `into VXLAN ${event.vni}`;
    case "decapsulate":
      return `out of VXLAN ${event.vni}`;
    case "deliver":
      return `delivered to ${event.to}`;
    case "drop":
      return `dropped (${event.reason})`;
    default:
      return null;
  }
}

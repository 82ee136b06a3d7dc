import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { htmlTable, textTable } from "../base/html.js";
import { formatDuration } from "../base/units.js";
import type { Addresses } from "./addresses.js";
import { shortened } from "./deciding.js";
import type { Message } from "./message.js";
import { placeNames } from "./place-name.js";

const HEAD = ["#", "sent at", "took", "protocol", "message", "way", "addresses"];
/** Characters of a message that a table shows. */
const SHOWN = 78;

/** Messages of applications in the order in which they were sent, as a table that displays itself. */
export class MessageList implements Displayable, Iterable<Message> {
  constructor(
    readonly all: readonly Message[],
    /** What was looked for: of long messages a table shows the place where it stands. */
    readonly sought = "",
  ) {}

  get length(): number {
    return this.all.length;
  }

  [Symbol.iterator](): IterableIterator<Message> {
    return this.all[Symbol.iterator]();
  }

  /** Those that say `text` or are of that protocol or kind: `find("hello")`, `find("RESP")`, `find("RESP push")`. */
  find(text: string): MessageList {
    return new MessageList(
      this.all.filter((message) => labelled(message).includes(text)),
      text,
    );
  }

  /** The first of them. Throws when there is none, and says which there are. */
  first(text: string): Message {
    const message = this.all.find((one) => labelled(one).includes(text));
    if (message === undefined) {
      const known = this.all.map((one) => shortened(labelled(one), SHOWN)).join("\n  ");
      throw new RangeError(`no message of this trace is "${text}"; there are:\n  ${known}`);
    }
    return message;
  }

  get rows(): readonly (readonly string[])[] {
    const start = this.all[0]?.sentAt ?? 0;
    const nameOf = placeNames(this.all.flatMap(({ carrier }) => carrier.events));
    return this.all.map((message, i) => [
      String(i),
      formatDuration(message.sentAt - start),
      message.took === null ? "never" : formatDuration(message.took),
      `${message.protocol} ${message.kind}`,
      excerpt(message.text, this.sought, SHOWN),
      wayOf(message, nameOf),
      message.addresses.map((stretch) => stretchText(stretch, nameOf)).join("\n"),
    ]);
  }

  toString(): string {
    return `${this.caption}\n${textTable(HEAD, this.rows, [0, 1, 2])}`;
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": htmlTable(this.caption, HEAD, this.rows) };
  }

  private get caption(): string {
    return `${this.length} message${this.length === 1 ? "" : "s"}`;
  }
}

/** The beginning of a long text, and the place in it where `about` stands: `PUBLISH chat:lobby {"id":…"text":"hello"…`. */
export function excerpt(text: string, about: string, limit: number): string {
  const characters = [...text];
  const place = about === "" ? -1 : [...text.slice(0, Math.max(0, text.indexOf(about)))].length;
  const head = Math.ceil(limit / 2);
  if (characters.length <= limit || place < 0 || !text.includes(about)) return shortened(text, limit);
  if (place + about.length <= head) return `${characters.slice(0, limit - 1).join("")}…`;
  const from = Math.max(
    head,
    Math.min(place - Math.floor((limit - head - about.length) / 2), characters.length - (limit - head)),
  );
  const until = Math.min(characters.length, from + limit - head);
  const end = until < characters.length ? "…" : "";
  return `${characters.slice(0, head).join("")}${from > head ? "…" : ""}${characters.slice(from, until).join("")}${end}`;
}

function labelled({ protocol, kind, text }: Message): string {
  return `${protocol} ${kind} ${text}`;
}

function wayOf(message: Message, nameOf: ReturnType<typeof placeNames>): string {
  const names = [...new Set(message.carrier.events.map(nameOf))].join(" → ");
  const notes = [
    message.tunnel === null ? "" : `in VXLAN ${message.tunnel}`,
    message.journeys.length > 1 ? `${message.journeys.length} packets` : "",
  ].filter(Boolean);
  return notes.length === 0 ? names : `${names}\n${notes.join(", ")}`;
}

function stretchText(
  { source, destination, hook, machine, netns }: Addresses,
  nameOf: ReturnType<typeof placeNames>,
): string {
  const ends = `${source} → ${destination}`;
  return hook === "" ? ends : `${ends} (${nameOf({ machine, netns })})`;
}

import { DISPLAY, type Displayable, type MimeBundle } from "../base/display.js";
import { formatDuration, type Nanoseconds } from "../base/units.js";
import type { DropReason } from "./drop-reason.js";
import { dropNotes } from "./dropped.js";
import type { BornEvent, TraceEvent } from "./events.js";
import { type Hop, hopsOf } from "./hop.js";
import { HopTable } from "./hop-table.js";
import { placeNames } from "./place-name.js";
import { RuleWalk, type RuleWalkOptions } from "./rule-walk.js";

/** How a packet ended. A flooded frame has an end for each copy. */
export type Fate =
  | { readonly kind: "delivered"; readonly to: string; readonly machine: string; readonly netns: string }
  | {
      readonly kind: "drop";
      readonly reason: DropReason;
      readonly where: string;
      readonly machine: string;
      readonly netns: string;
    }
  /** Still queued or on a cable when the trace ended. */
  | { readonly kind: "under way" };

/** One packet from the socket (or kernel) that made it to wherever its copies ended. */
export class Journey implements Displayable {
  readonly events: readonly TraceEvent[];
  readonly hops: readonly Hop[];

  constructor(
    readonly id: number,
    events: readonly TraceEvent[],
  ) {
    this.events = [...events].sort((a, b) => a.at - b.at);
    this.hops = hopsOf(this.events);
  }

  /** What the packet is: `TCP SYN 172.17.0.2:42420 → 172.17.0.3:5000`. */
  get summary(): string {
    return this.born?.summary ?? "packet under way before the trace began";
  }

  /** The journey that made this one necessary, 0 for none. */
  get cause(): number {
    return this.born?.cause ?? 0;
  }

  get startedAt(): Nanoseconds {
    return this.events[0]?.at ?? 0;
  }

  /** Modelled time from the first event to the last delivery (to the last event when nothing was delivered). */
  get duration(): Nanoseconds {
    const end = this.events.findLast((event) => event.kind === "deliver") ?? this.events.at(-1);
    return (end?.at ?? 0) - this.startedAt;
  }

  get fates(): readonly Fate[] {
    const ends = this.events.flatMap((event): Fate[] => {
      const { machine, netns } = event;
      if (event.kind === "deliver") return [{ kind: "delivered", to: event.to, machine, netns }];
      if (event.kind === "drop")
        return [{ kind: "drop", reason: event.reason, where: event.where, machine, netns }];
      return [];
    });
    return ends.length > 0 ? ends : [{ kind: "under way" }];
  }

  get delivered(): boolean {
    return this.fates.some((fate) => fate.kind === "delivered");
  }

  /** The namespaces that it passed, each named once, in order; with their machine where two have the same name. */
  get path(): readonly string[] {
    return [...new Set(this.events.map(placeNames(this.events)))];
  }

  /** The devices that it passed, in order: `eth0`, `veth1a2b3c4`, `docker0`. */
  get devices(): readonly string[] {
    return this.events.flatMap((event) => {
      if (event.kind === "transmit" || event.kind === "receive") return [event.device];
      return event.kind === "bridge" ? [event.bridge] : [];
    });
  }

  /** The story as a table that displays itself. */
  table(): HopTable {
    return new HopTable(this.summary, this.hops, dropNotes(this.events));
  }

  /** Every netfilter rule that it met: `rules({ table: "nat" })`, `rules({ show: "near misses" })`. */
  rules(options: RuleWalkOptions = {}): RuleWalk {
    return new RuleWalk(this.summary, this.hops, options);
  }

  toString(): string {
    const end = this.delivered
      ? `delivered in ${formatDuration(this.duration)}`
      : this.fates.map((fate) => fate.kind).join(", ");
    return `#${this.id} ${this.summary} · ${this.path.join(" → ")} · ${end}`;
  }

  [DISPLAY](): MimeBundle {
    return this.table()[DISPLAY]();
  }

  private get born(): BornEvent | undefined {
    return this.events.find((event): event is BornEvent => event.kind === "born");
  }
}

/** Sorts events into journeys, in the order in which the packets were made. */
export function journeysOf(events: readonly TraceEvent[]): readonly Journey[] {
  const byId = new Map<number, TraceEvent[]>();
  for (const event of events) {
    const list = byId.get(event.journey);
    if (list) list.push(event);
    else byId.set(event.journey, [event]);
  }
  return [...byId]
    .map(([id, list]) => new Journey(id, list))
    .sort((a, b) => a.startedAt - b.startedAt || a.id - b.id);
}

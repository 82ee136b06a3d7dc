import { compareIds, type StreamId, ZERO_ID } from "./stream-id.js";
import type { RedisValue } from "./value.js";

export interface StreamEntry {
  readonly id: StreamId;
  /** Field, value, field, value … */
  readonly fields: readonly string[];
}

/** An entry that was given to a consumer and is not acknowledged. */
export interface Pending {
  readonly id: StreamId;
  consumer: Consumer;
  deliveredAt: number;
  deliveries: number;
}

export interface Consumer {
  readonly name: string;
  seenAt: number;
  /** Number of its pending entries. */
  pending: number;
}

export interface Group {
  readonly name: string;
  lastId: StreamId;
  /** Entries read so far; null when that cannot be told. */
  read: bigint | null;
  /** By id, in order. */
  readonly pending: Pending[];
  readonly consumers: Map<string, Consumer>;
}

/** Entries in the order of their ids, and the groups that read them. */
export class StreamValue implements RedisValue {
  readonly type = "stream";
  readonly encoding = "stream";
  entries: StreamEntry[] = [];
  lastId: StreamId = ZERO_ID;
  largestDeleted: StreamId = ZERO_ID;
  added = 0n;
  readonly groups = new Map<string, Group>();

  get length(): number {
    return this.entries.length;
  }

  append(entry: StreamEntry): void {
    this.entries.push(entry);
    this.lastId = entry.id;
    this.added++;
  }

  /** The place of the first entry that is not before `id`. */
  placeOf(id: StreamId): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareIds(this.entries[middle]!.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  find(id: StreamId): StreamEntry | undefined {
    const entry = this.entries[this.placeOf(id)];
    return entry !== undefined && compareIds(entry.id, id) === 0 ? entry : undefined;
  }

  /** Entries from `start` to `end`, both included. */
  range(start: StreamId, end: StreamId): StreamEntry[] {
    const from = this.placeOf(start);
    let to = this.placeOf(end);
    const last = this.entries[to];
    if (last !== undefined && compareIds(last.id, end) === 0) to++;
    return this.entries.slice(from, to);
  }

  delete(id: StreamId): boolean {
    const place = this.placeOf(id);
    const entry = this.entries[place];
    if (entry === undefined || compareIds(entry.id, id) !== 0) return false;
    this.entries.splice(place, 1);
    if (compareIds(id, this.largestDeleted) > 0) this.largestDeleted = id;
    return true;
  }

  /** Takes the oldest entries away; gives how many. */
  dropFirst(count: number): number {
    const gone = this.entries.splice(0, count);
    const last = gone.at(-1);
    if (last !== undefined && compareIds(last.id, this.largestDeleted) > 0) this.largestDeleted = last.id;
    return gone.length;
  }

  clone(): StreamValue {
    const copy = new StreamValue();
    copy.entries = [...this.entries];
    copy.lastId = this.lastId;
    copy.largestDeleted = this.largestDeleted;
    copy.added = this.added;
    for (const group of this.groups.values()) copy.groups.set(group.name, cloneGroup(group));
    return copy;
  }
}

function cloneGroup({ name, lastId, read, pending, consumers }: Group): Group {
  const copies = new Map([...consumers].map(([key, consumer]) => [key, { ...consumer }]));
  return {
    name,
    lastId,
    read,
    pending: pending.map((one) => ({ ...one, consumer: copies.get(one.consumer.name)! })),
    consumers: copies,
  };
}

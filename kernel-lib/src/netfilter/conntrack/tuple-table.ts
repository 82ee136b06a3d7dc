import type { Scheduler } from "../../sim/scheduler.js";
import type { Connection, Tuple } from "./connection.js";

/** How many buckets of the kernel's table are searched for an entry that may go (NF_CT_EVICTION_RANGE). */
const EVICTION_RANGE = 8;
const HASH_RANGE = 2 ** 32;

/** Both tuples of each connection in a hash table with chained buckets, by the hash's upper bits. Entries past their time are met as absent and taken out. */
export class TupleTable {
  private buckets: (Tuple | null)[] = new Array<Tuple | null>(1024).fill(null);
  /** 32 less the number of bits of an index. */
  private shift = 22;
  private connections = 0;

  /** @param forgotten Called for each entry that leaves, whatever the cause. */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly forgotten: (connection: Connection) => void,
  ) {}

  /** Entries in the table, those past their time that nobody has met since included (nf_conntrack_count). */
  get size(): number {
    return this.connections;
  }

  find(tuple: Tuple): Tuple | null {
    for (let at = this.buckets[tuple.hash() >>> this.shift]!; at !== null; at = at.next!) {
      if (!at.equals(tuple)) continue;
      if (at.connection!.expiresAt > this.scheduler.now) return at;
      this.remove(at.connection!);
      return null;
    }
    return null;
  }

  add(connection: Connection): void {
    if (this.connections >= this.buckets.length) this.makeRoom();
    this.connections++;
    this.link(connection.original);
    this.link(connection.reply);
  }

  /** False when it was not there (any more). */
  remove(connection: Connection): boolean {
    if (!this.unlink(connection.original)) return false;
    this.unlink(connection.reply);
    this.connections--;
    this.forgotten(connection);
    return true;
  }

  /** Whether an entry that is alive is one of those meant; in no order, so that asking is cheap. */
  some(isMeant: (connection: Connection) => boolean): boolean {
    const { now } = this.scheduler;
    for (const first of this.buckets)
      for (let at = first; at !== null; at = at.next)
        if (at.direction === 0 && at.connection!.expiresAt > now && isMeant(at.connection!)) return true;
    return false;
  }

  /** Entries that are alive, the oldest first. */
  list(): Connection[] {
    const live: Connection[] = [];
    const now = this.scheduler.now;
    for (const first of this.buckets) {
      for (let at = first; at !== null; at = at.next) {
        if (at.direction === 0 && at.connection!.expiresAt > now) live.push(at.connection!);
      }
    }
    return live.sort((a, b) => a.id - b.id);
  }

  /** Takes out what is past its time. Returns the earliest time at which another entry will be; Infinity for none. */
  sweep(): number {
    const now = this.scheduler.now;
    const expired: Connection[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const first of this.buckets) {
      for (let at = first; at !== null; at = at.next) {
        if (at.direction !== 0) continue;
        const { expiresAt } = at.connection!;
        if (expiresAt <= now) expired.push(at.connection!);
        else if (expiresAt < next) next = expiresAt;
      }
    }
    for (const connection of expired.sort((a, b) => a.expiresAt - b.expiresAt || a.id - b.id))
      this.remove(connection);
    return next;
  }

  /**
   * The table is full: an entry near `tuple` that `mayGo` gives way (early_drop). As in the kernel only eight of its `buckets` are looked at, so that in a large
   * table with few entries hardly ever one is found. False when none was.
   */
  evict(tuple: Tuple, buckets: number, mayGo: (connection: Connection) => boolean): boolean {
    const width = HASH_RANGE / Math.max(1, buckets);
    const low = Math.floor(tuple.hash() / width) * width;
    const high = low + EVICTION_RANGE * width;
    const last = Math.min(this.buckets.length - 1, (Math.min(high, HASH_RANGE - 1) >>> 0) >>> this.shift);
    for (let slot = (Math.floor(low) >>> 0) >>> this.shift; slot <= last; slot++) {
      for (let at = this.buckets[slot]!; at !== null; at = at.next!) {
        const hash = at.hash();
        if (hash < low || hash >= high) continue;
        const connection = at.connection!;
        if (connection.expiresAt > this.scheduler.now && !mayGo(connection)) continue;
        return this.remove(connection);
      }
    }
    return false;
  }

  private link(tuple: Tuple): void {
    const slot = tuple.hash() >>> this.shift;
    tuple.next = this.buckets[slot]!;
    this.buckets[slot] = tuple;
  }

  private unlink(tuple: Tuple): boolean {
    const slot = tuple.hash() >>> this.shift;
    let before: Tuple | null = null;
    for (let at = this.buckets[slot]!; at !== null; at = at.next!) {
      if (at === tuple) {
        if (before === null) this.buckets[slot] = tuple.next;
        else before.next = tuple.next;
        tuple.next = null;
        return true;
      }
      before = at;
    }
    return false;
  }

  /** Forgets what is past its time; doubles when that was not enough. */
  private makeRoom(): void {
    this.sweep();
    if (this.connections * 2 <= this.buckets.length) return;
    const old = this.buckets;
    this.buckets = new Array<Tuple | null>(old.length * 2).fill(null);
    this.shift--;
    for (const first of old) {
      for (let at = first; at !== null; ) {
        const next: Tuple | null = at.next;
        this.link(at);
        at = next;
      }
    }
  }
}

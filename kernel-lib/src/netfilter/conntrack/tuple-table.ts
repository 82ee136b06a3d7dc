import type { Scheduler } from "../../sim/scheduler.js";
import type { Connection, Tuple } from "./connection.js";

/** Both tuples of each connection in a hash table with chained buckets; entries past their time are met as absent and taken out. */
export class TupleTable {
  private buckets: (Tuple | null)[] = new Array<Tuple | null>(1024).fill(null);
  private connections = 0;

  constructor(private readonly scheduler: Scheduler) {}

  find(tuple: Tuple): Tuple | null {
    for (let at = this.buckets[tuple.hash() & (this.buckets.length - 1)]!; at !== null; at = at.next!) {
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

  remove(connection: Connection): void {
    if (!this.unlink(connection.original)) return;
    this.unlink(connection.reply);
    this.connections--;
  }

  list(): readonly Connection[] {
    const live: Connection[] = [];
    const now = this.scheduler.now;
    for (const first of this.buckets) {
      for (let at = first; at !== null; at = at.next) {
        if (at.direction === 0 && at.connection!.expiresAt > now) live.push(at.connection!);
      }
    }
    return live.sort((a, b) => a.id - b.id);
  }

  private link(tuple: Tuple): void {
    const slot = tuple.hash() & (this.buckets.length - 1);
    tuple.next = this.buckets[slot]!;
    this.buckets[slot] = tuple;
  }

  private unlink(tuple: Tuple): boolean {
    const slot = tuple.hash() & (this.buckets.length - 1);
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
    const live = this.list();
    const size = live.length * 2 > this.buckets.length ? this.buckets.length * 2 : this.buckets.length;
    this.buckets = new Array<Tuple | null>(size).fill(null);
    this.connections = live.length;
    for (const connection of live) {
      this.link(connection.original);
      this.link(connection.reply);
    }
  }
}

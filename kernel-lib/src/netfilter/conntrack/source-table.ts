import type { Connection, Tuple } from "./connection.js";

const BUCKETS = 4096;

function slotOf({ source, sourcePort, protocol }: Tuple): number {
  const hash = Math.imul(source ^ Math.imul(sourcePort, 0x9e3779b1) ^ protocol, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}

/** Connections by the source of their original direction (nf_nat_bysource): one inner address and port keep one outer pair, whatever they talk to. The newest stand first. */
export class SourceTable {
  private readonly buckets: (Connection | null)[] = new Array<Connection | null>(BUCKETS).fill(null);

  add(connection: Connection): void {
    const slot = slotOf(connection.original);
    connection.nextBySource = this.buckets[slot]!;
    this.buckets[slot] = connection;
  }

  remove(connection: Connection): void {
    const slot = slotOf(connection.original);
    let before: Connection | null = null;
    for (let at = this.buckets[slot]!; at !== null; at = at.nextBySource!) {
      if (at === connection) {
        if (before === null) this.buckets[slot] = at.nextBySource;
        else before.nextBySource = at.nextBySource;
        return;
      }
      before = at;
    }
  }

  /** The first connection with the source of `tuple` that `fits`. */
  find(tuple: Tuple, fits: (connection: Connection) => boolean): Connection | null {
    for (let at = this.buckets[slotOf(tuple)]!; at !== null; at = at.nextBySource!) {
      const { original } = at;
      if (
        original.source === tuple.source &&
        original.sourcePort === tuple.sourcePort &&
        original.protocol === tuple.protocol &&
        fits(at)
      )
        return at;
    }
    return null;
  }
}

import type { Destination } from "../destination.js";
import type { Opening, Pool, Scheduler } from "./scheduler.js";

/** Buckets of a table: CONFIG_IP_VS_SH_TAB_BITS and CONFIG_IP_VS_DH_TAB_BITS are 8. */
const BUCKETS = 256;
/** GOLDEN_RATIO_32 of linux/hash.h. */
const GOLDEN = 0x61c88647;
const FLAG_FALLBACK = 1;
const FLAG_PORT = 2;

/** The upper 8 bits of a product (hash_32). */
function bucketOf(value: number, offset = 0): number {
  return (offset + (Math.imul(value, GOLDEN) >>> 24)) & (BUCKETS - 1);
}

/** `dh`: by the destination address, for a cluster of caches (ip_vs_dh.c). An overloaded or quiesced server's connections are refused. */
export class DestinationHashing implements Scheduler {
  readonly name = "dh";
  private table: readonly (Destination | null)[] = [];

  choose(_: Pool, { destination }: Opening): Destination | null {
    const found = this.table[bucketOf(destination)] ?? null;
    return found?.takesConnections === true ? found : null;
  }

  /** The servers in turn, round after round, the newest first. */
  changed({ destinations }: Pool): void {
    this.table =
      destinations.length === 0
        ? []
        : Array.from({ length: BUCKETS }, (_, bucket) => destinations[bucket % destinations.length]!);
  }
}

/** `sh`: by the client's address, so that a client keeps its server (ip_vs_sh.c). `sh-port` adds its port, `sh-fallback` looks further when the server is out. */
export class SourceHashing implements Scheduler {
  readonly name = "sh";
  private table: readonly Destination[] = [];

  choose({ flags }: Pool, { source, sourcePort }: Opening): Destination | null {
    if (this.table.length === 0) return null;
    const port = (flags & FLAG_PORT) === 0 ? 0 : sourcePort;
    const first = bucketOf(source + port);
    const found = this.table[first]!;
    if (found.takesConnections) return found;
    if ((flags & FLAG_FALLBACK) === 0) return null;
    for (let offset = 0; offset < BUCKETS; offset++) {
      const other = this.table[bucketOf(source + port, (offset + first) % BUCKETS)]!;
      if (other.takesConnections) return other;
    }
    return null;
  }

  /** Each server as many buckets in a row as its weight, round after round, the newest first. */
  changed({ destinations }: Pool): void {
    const table: Destination[] = [];
    let at = 0;
    let taken = 0;
    while (table.length < BUCKETS && destinations.length > 0) {
      const destination = destinations[at % destinations.length]!;
      table.push(destination);
      // A server of weight 0 holds one bucket a round all the same: its clients are refused.
      if (++taken >= destination.weight) {
        at++;
        taken = 0;
      }
    }
    this.table = table;
  }
}

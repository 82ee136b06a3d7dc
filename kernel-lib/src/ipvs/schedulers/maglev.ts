import type { Ipv4 } from "../../base/addresses.js";
import type { Destination } from "../destination.js";
import type { Opening, Pool, Scheduler } from "./scheduler.js";
import { hsiphash } from "./sip-hash.js";

/** A prime near 2^12 (CONFIG_IP_VS_MH_TAB_INDEX 12). */
const BUCKETS = 4093;
/** Weights are scaled down to that many bits, half of the table's (IP_VS_MH_TAB_BITS). */
const WEIGHT_BITS = 6;
const FIRST_KEY = [2654435761n, 2654435761n] as const;
const SECOND_KEY = [2654446892n, 2654446892n] as const;
const FLAG_FALLBACK = 1;
const FLAG_PORT = 2;

function hashKey(address: Ipv4, port: number, key: readonly [bigint, bigint], offset = 0): number {
  return hsiphash((offset + port + address) >>> 0, key);
}

/** `mh`: Maglev hashing: by the client's address, and few clients change their server when one comes or goes (ip_vs_mh.c). */
export class Maglev implements Scheduler {
  readonly name = "mh";
  private table: readonly (Destination | null)[] = [];

  choose({ flags }: Pool, { source, sourcePort }: Opening): Destination | null {
    if (this.table.length === 0) return null;
    const port = (flags & FLAG_PORT) === 0 ? 0 : sourcePort;
    const first = hashKey(source, port, FIRST_KEY) % BUCKETS;
    const found = this.table[first] ?? null;
    if (found?.takesConnections === true || (flags & FLAG_FALLBACK) === 0)
      return found?.takesConnections === true ? found : null;
    for (let offset = 0; offset < BUCKETS; offset++) {
      const bucket = hashKey(source, port, FIRST_KEY, (offset + first) % BUCKETS) % BUCKETS;
      const other = this.table[bucket] ?? null;
      if (other?.takesConnections === true) return other;
    }
    return null;
  }

  /** Each server walks the table by a way of its own and takes what is free, by turns of its weight. */
  changed({ destinations }: Pool): void {
    const divisor = destinations.reduce((sum, { weight }) => greatestDivisor(sum, weight), 0);
    if (divisor < 1) {
      this.table = [];
      return;
    }
    const highest = Math.max(...destinations.map(({ weight }) => weight)) / divisor;
    const shift = Math.max(0, 32 - Math.clz32(highest) - WEIGHT_BITS);
    const ways = destinations.map((destination) => ({
      destination,
      at: hashKey(destination.address, destination.port, FIRST_KEY) % BUCKETS,
      skip: (hashKey(destination.address, destination.port, SECOND_KEY) % (BUCKETS - 1)) + 1,
      turns: (destination.weight / divisor) >> shift || (destination.weight !== 0 ? 1 : 0),
    }));
    const walking = ways.filter(({ turns }) => turns > 0);
    const table: (Destination | null)[] = new Array(BUCKETS).fill(null);
    for (let taken = 0, turn = 0, who = 0; taken < BUCKETS; taken++) {
      const way = walking[who]!;
      while (table[way.at] !== null) way.at = (way.at + way.skip) % BUCKETS;
      table[way.at] = way.destination;
      if (++turn < way.turns) continue;
      turn = 0;
      who = (who + 1) % walking.length;
    }
    this.table = table;
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

import { IPV4_BROADCAST, type Ipv4 } from "../base/addresses.js";
import type { Random } from "../sim/random.js";

const BUCKETS = 2048;
/** The kernel counts in jiffies: 250 a second on Debian. */
const JIFFY = 4_000_000;

/**
 * IPv4 identification for packets that no socket numbers (ip_idents_reserve): a counter a hash of addresses and protocol, moved on by a random
 * part of the time since it was last used, so that nobody can tell from outside how much is sent.
 */
export class Identification {
  private readonly counters = new Uint16Array(BUCKETS);
  private readonly stamps = new Float64Array(BUCKETS);

  constructor(
    private readonly random: Random,
    private readonly key = random.uint32(),
  ) {
    for (let i = 0; i < BUCKETS; i++) this.counters[i] = random.uint32();
  }

  /** The identification of a packet, and of the `count` - 1 segments behind the first that it is to be cut into. */
  next(now: number, source: Ipv4, destination: Ipv4, protocol: number, count = 1): number {
    const mixed =
      Math.imul(source ^ this.key, 0x9e3779b1) ^
      Math.imul(destination, 0x85ebca6b) ^
      Math.imul(protocol, 0xc2b2ae35);
    const bucket = ((mixed ^ (mixed >>> 15)) & (BUCKETS - 1)) % BUCKETS;
    const jiffies = Math.floor(now / JIFFY);
    const passed = jiffies - this.stamps[bucket]!;
    if (passed > 0) {
      this.stamps[bucket] = jiffies;
      this.counters[bucket] =
        this.counters[bucket]! + this.random.between(0, Math.min(passed, IPV4_BROADCAST) - 1);
    }
    const id = this.counters[bucket]!;
    this.counters[bucket] = id + count;
    return id;
  }
}

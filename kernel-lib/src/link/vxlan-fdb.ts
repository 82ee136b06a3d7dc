import type { Ipv4, Mac } from "../base/addresses.js";
import { type Nanoseconds, seconds } from "../base/units.js";

/** Where a VXLAN device sends frames of one address (vxlan_rdst). */
export interface VxlanRemote {
  address: Ipv4;
  /** 0: the device's own destination port. */
  readonly port: number;
  /** -1: the device's own VNI. */
  readonly vni: number;
  /** Index of the device that it must leave by; 0 for any. */
  readonly via: number;
}

export type VxlanEntryState = "permanent" | "static" | "reachable";

/** An entry of a VXLAN device's forwarding database (vxlan_fdb). MAC 0 is the default: where frames for unknown addresses go. */
export class VxlanEntry {
  remotes: VxlanRemote[];
  updatedAt: Nanoseconds;
  usedAt: Nanoseconds;

  constructor(
    readonly mac: Mac,
    public state: VxlanEntryState,
    remote: VxlanRemote,
    now: Nanoseconds,
  ) {
    this.remotes = [remote];
    this.updatedAt = now;
    this.usedAt = now;
  }
}

export function sameRemote(a: VxlanRemote, b: VxlanRemote): boolean {
  return a.address === b.address && a.port === b.port && a.vni === b.vni && a.via === b.via;
}

/** How often a VXLAN device looks for entries that have aged, at least (FDB_AGE_INTERVAL). It looks when one may end, too, but never sooner than it planned. */
const LOOK_INTERVAL: Nanoseconds = seconds(10);

/**
 * The forwarding database of a VXLAN device. Learned entries that nobody has used for `ageing` are forgotten when a timer looks for them (vxlan_cleanup); until then
 * they serve, and a use makes them young again. From Linux 6.14 on only frames that come from an address count as its use.
 */
export class VxlanFdb {
  private readonly entries = new Map<Mac, VxlanEntry>();
  /** The entry that was used last: most frames are for, or from, the same address as the one before. */
  private last: VxlanEntry | null = null;
  /** When the timer looks next. What it would have done is done when somebody asks afterwards. */
  private nextLook: Nanoseconds = Number.POSITIVE_INFINITY;

  /** The timer runs while the device is up. */
  startAgeing(now: Nanoseconds): void {
    this.nextLook = now + LOOK_INTERVAL;
  }

  stopAgeing(): void {
    this.nextLook = Number.POSITIVE_INFINITY;
  }

  /** The entry of an address that has not aged; its use is noted (vxlan_find_mac). */
  use(mac: Mac, now: Nanoseconds, ageing: Nanoseconds): VxlanEntry | null {
    if (now >= this.nextLook) this.forgetAged(now, ageing);
    const { last } = this;
    const entry = last !== null && last.mac === mac ? last : this.entries.get(mac);
    if (entry === undefined) return null;
    entry.usedAt = now;
    this.last = entry;
    return entry;
  }

  find(mac: Mac): VxlanEntry | null {
    return this.entries.get(mac) ?? null;
  }

  add(entry: VxlanEntry): void {
    this.last = null;
    this.entries.set(entry.mac, entry);
  }

  remove(mac: Mac): void {
    this.last = null;
    this.entries.delete(mac);
  }

  /** Entries that are alive, in the kernel's order: by the hash of the address, the newest first where two hash alike. */
  list(now: Nanoseconds, ageing: Nanoseconds): VxlanEntry[] {
    if (now >= this.nextLook) this.forgetAged(now, ageing);
    const alive = [...this.entries.values()].reverse();
    const buckets = new Map(alive.map((entry) => [entry, bucketOf(entry.mac)]));
    return alive.sort((a, b) => buckets.get(a)! - buckets.get(b)!);
  }

  /** All looks up to `now`. An `ageing` of 0: nothing ages. */
  private forgetAged(now: Nanoseconds, ageing: Nanoseconds): void {
    if (ageing === 0) return;
    while (now >= this.nextLook) {
      const at = this.nextLook;
      let next = at + LOOK_INTERVAL;
      let learned = 0;
      for (const entry of [...this.entries.values()]) {
        if (entry.state !== "reachable") continue;
        const end = entry.usedAt + ageing;
        if (end <= at) this.remove(entry.mac);
        else {
          learned++;
          next = Math.min(next, end);
        }
      }
      this.nextLook = learned > 0 ? next : now + LOOK_INTERVAL - ((now - at) % LOOK_INTERVAL);
    }
  }

  /** What was learned goes; what was set by hand stays (vxlan_flush of a device that is set down). */
  flushLearned(): void {
    for (const entry of [...this.entries.values()]) if (entry.state === "reachable") this.remove(entry.mac);
  }
}

const GOLDEN_RATIO_64 = 0x61c8864680b583ebn;

/**
 * The place of an address in the table of 256 lists (eth_hash in drivers/net/vxlan): its six bytes as a little-endian number, shifted by two bytes, times
 * the golden ratio; the top byte of 64 bits. No salt goes in, so that listings of real machines have the same order.
 */
function bucketOf(mac: Mac): number {
  let value = 0n;
  for (let rest = BigInt(mac), i = 0; i < 6; i++, rest >>= 8n) value = (value << 8n) | (rest & 0xffn);
  return Number(BigInt.asUintN(64, (value << 16n) * GOLDEN_RATIO_64) >> 56n);
}

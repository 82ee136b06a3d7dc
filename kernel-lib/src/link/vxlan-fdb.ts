import type { Ipv4, Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";

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

/** The forwarding database of a VXLAN device. Learned entries that nobody has used for `ageing` are forgotten when they are next met. */
export class VxlanFdb {
  private readonly entries = new Map<Mac, VxlanEntry>();

  /** The entry of an address that has not aged; its use is noted (vxlan_find_mac). */
  use(mac: Mac, now: Nanoseconds, ageing: Nanoseconds): VxlanEntry | null {
    const entry = this.entries.get(mac);
    if (entry === undefined) return null;
    if (isAged(entry, now, ageing)) {
      this.entries.delete(mac);
      return null;
    }
    entry.usedAt = now;
    return entry;
  }

  find(mac: Mac): VxlanEntry | null {
    return this.entries.get(mac) ?? null;
  }

  add(entry: VxlanEntry): void {
    this.entries.set(entry.mac, entry);
  }

  remove(mac: Mac): void {
    this.entries.delete(mac);
  }

  /** Entries that are alive, in the kernel's order: by the hash of the address, the newest first where two hash alike. */
  list(now: Nanoseconds, ageing: Nanoseconds): VxlanEntry[] {
    const alive = [...this.entries.values()].filter((entry) => !isAged(entry, now, ageing)).reverse();
    const buckets = new Map(alive.map((entry) => [entry, bucketOf(entry.mac)]));
    return alive.sort((a, b) => buckets.get(a)! - buckets.get(b)!);
  }

  /** What was learned goes; what was set by hand stays (vxlan_flush of a device that is set down). */
  flushLearned(): void {
    for (const entry of [...this.entries.values()])
      if (entry.state === "reachable") this.entries.delete(entry.mac);
  }
}

function isAged(entry: VxlanEntry, now: Nanoseconds, ageing: Nanoseconds): boolean {
  return entry.state === "reachable" && ageing > 0 && now >= entry.usedAt + ageing;
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

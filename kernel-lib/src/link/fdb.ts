import type { Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { BridgePort } from "./bridge-port.js";

/** An entry of a bridge's forwarding database (net_bridge_fdb_entry). */
export class FdbEntry {
  /** The address is the bridge's or a port's own: frames to it go up (BR_FDB_LOCAL). Listed as `permanent`. */
  local = false;
  /** Does not age (BR_FDB_STATIC). Listed as `static`. */
  static = false;
  /** Made by `bridge fdb add`. */
  userMade = false;
  usedAt: Nanoseconds;

  constructor(
    readonly mac: Mac,
    /** 0, or 1 for the second copy that the kernel makes of own addresses and of entries set by hand for the default VLAN. */
    readonly vlan: number,
    /** Null: the bridge itself. */
    public port: BridgePort | null,
    public updatedAt: Nanoseconds,
  ) {
    this.usedAt = updatedAt;
  }
}

const EMPTY = -1;
const REMOVED = -2;

/**
 * The forwarding database: open addressing over MAC addresses in a Float64Array (a lookup by string key would cost twenty times as
 * much). Entries of VLAN 0 are looked up; the kernel's VLAN 1 copies are kept for the listing only.
 */
export class Fdb {
  private capacity = 64;
  private keys = new Float64Array(this.capacity).fill(EMPTY);
  private slots: (FdbEntry | null)[] = new Array<FdbEntry | null>(this.capacity).fill(null);
  private filled = 0;
  /** Newest last; the kernel lists newest first. */
  private all: FdbEntry[] = [];

  find(mac: Mac): FdbEntry | null {
    const { keys } = this;
    const mask = this.capacity - 1;
    for (let i = hash(mac) & mask; ; i = (i + 1) & mask) {
      const key = keys[i]!;
      if (key === mac) return this.slots[i]!;
      if (key === EMPTY) return null;
    }
  }

  /** Adds an entry whose key is not present. */
  add(entry: FdbEntry): FdbEntry {
    this.all.push(entry);
    if (entry.vlan !== 0) return entry;
    if (this.filled * 2 >= this.capacity) this.rehash();
    this.place(entry);
    return entry;
  }

  remove(entry: FdbEntry): void {
    const at = this.all.indexOf(entry);
    if (at < 0) return;
    this.all.splice(at, 1);
    if (entry.vlan !== 0) return;
    const mask = this.capacity - 1;
    for (let i = hash(entry.mac) & mask; this.keys[i] !== EMPTY; i = (i + 1) & mask) {
      if (this.slots[i] !== entry) continue;
      this.keys[i] = REMOVED;
      this.slots[i] = null;
      return;
    }
  }

  /** The entry of one VLAN; the copies for the default VLAN are found only so. */
  findVlan(mac: Mac, vlan: number): FdbEntry | null {
    return this.all.find((entry) => entry.mac === mac && entry.vlan === vlan) ?? null;
  }

  newestFirst(): FdbEntry[] {
    return [...this.all].reverse();
  }

  removeWhere(goes: (entry: FdbEntry) => boolean): number {
    const gone = this.all.filter(goes);
    for (const entry of gone) this.remove(entry);
    return gone.length;
  }

  private place(entry: FdbEntry): void {
    const mask = this.capacity - 1;
    let i = hash(entry.mac) & mask;
    while (this.keys[i] !== EMPTY) i = (i + 1) & mask;
    this.keys[i] = entry.mac;
    this.slots[i] = entry;
    this.filled++;
  }

  private rehash(): void {
    const live = this.all.filter((entry) => entry.vlan === 0 && entry !== this.all[this.all.length - 1]);
    while (this.capacity < live.length * 4) this.capacity *= 2;
    this.keys = new Float64Array(this.capacity).fill(EMPTY);
    this.slots = new Array<FdbEntry | null>(this.capacity).fill(null);
    this.filled = 0;
    for (const entry of live) this.place(entry);
  }
}

function hash(mac: Mac): number {
  const mixed = Math.imul(mac >>> 0, 0x9e3779b1) ^ Math.imul((mac / 0x100000000) | 0, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

import type { RedisValue } from "./value.js";

interface Entry {
  value: RedisValue;
  /** Milliseconds since 1970, or null: it stays. */
  expiresAt: number | null;
  /** When it was last used (OBJECT IDLETIME), milliseconds. */
  usedAt: number;
}

/** What a keyspace tells its engine. */
export interface KeyspaceListener {
  now(): number;
  expired(keyspace: Keyspace, key: string): void;
}

/** One database: keys, their values and when they expire. A key whose time has come is gone at the next look at it, as in Redis. */
export class Keyspace {
  private readonly entries = new Map<string, Entry>();
  private expiring = 0;
  /** Lower bound of the next time of expiry, or null when no key expires. */
  private soonest: number | null = null;
  /** Goes up whenever a key comes or goes: an order of the keys made before is then old. */
  version = 0;

  constructor(
    readonly index: number,
    private readonly listener: KeyspaceListener,
  ) {}

  /** Keys, those among them that have expired unnoticed (DBSIZE counts them, too). */
  get size(): number {
    return this.entries.size;
  }

  /** Keys that have a time of expiry. */
  get expires(): number {
    return this.expiring;
  }

  /** The value; it counts as used. */
  get(key: string): RedisValue | undefined {
    const entry = this.live(key);
    if (entry !== undefined) entry.usedAt = this.listener.now();
    return entry?.value;
  }

  /** The value, without counting as a use. */
  peek(key: string): RedisValue | undefined {
    return this.live(key)?.value;
  }

  has(key: string): boolean {
    return this.live(key) !== undefined;
  }

  /** Stores a value; the key loses its time of expiry unless it is to be kept. */
  set(key: string, value: RedisValue, keepExpiry = false): void {
    const now = this.listener.now();
    const old = this.live(key);
    if (old === undefined) {
      this.entries.set(key, { value, expiresAt: null, usedAt: now });
      this.version++;
      return;
    }
    old.value = value;
    old.usedAt = now;
    if (!keepExpiry) this.setExpiry(key, null);
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    const entry = this.live(key);
    if (entry === undefined) return false;
    this.remove(key, entry);
    return true;
  }

  /** Milliseconds since 1970 when it expires; null: never; undefined: no such key. */
  expiry(key: string): number | null | undefined {
    return this.live(key)?.expiresAt;
  }

  setExpiry(key: string, at: number | null): void {
    const entry = this.live(key);
    if (entry === undefined || entry.expiresAt === at) return;
    if (entry.expiresAt === null) this.expiring++;
    if (at === null) this.expiring--;
    else if (this.soonest === null || at < this.soonest) this.soonest = at;
    entry.expiresAt = at;
  }

  /** Milliseconds since its last use. */
  idle(key: string): number {
    const entry = this.live(key);
    return entry === undefined ? 0 : this.listener.now() - entry.usedAt;
  }

  /** Keys that have not expired, oldest first. */
  *keys(): Generator<string> {
    const now = this.listener.now();
    for (const [key, { expiresAt }] of this.entries) if (expiresAt === null || expiresAt > now) yield key;
  }

  clear(): void {
    this.entries.clear();
    this.expiring = 0;
    this.soonest = null;
    this.version++;
  }

  /** When the next key expires (or earlier, if that key has gone), in milliseconds since 1970. */
  nextExpiry(): number | null {
    return this.expiring === 0 ? null : this.soonest;
  }

  /** Deletes what has expired. */
  expire(): void {
    const now = this.listener.now();
    if (this.expiring === 0 || this.soonest === null || this.soonest > now) return;
    let soonest: number | null = null;
    for (const [key, { expiresAt }] of this.entries) {
      if (expiresAt === null) continue;
      if (expiresAt <= now) this.live(key);
      else if (soonest === null || expiresAt < soonest) soonest = expiresAt;
    }
    this.soonest = soonest;
  }

  /** Exchanges the contents of two databases (SWAPDB). */
  swap(other: Keyspace): void {
    const [mine, theirs] = [[...this.entries], [...other.entries]];
    this.fill(theirs);
    other.fill(mine);
  }

  private fill(entries: readonly (readonly [string, Entry])[]): void {
    this.clear();
    for (const [key, entry] of entries) {
      this.entries.set(key, entry);
      if (entry.expiresAt === null) continue;
      this.expiring++;
      if (this.soonest === null || entry.expiresAt < this.soonest) this.soonest = entry.expiresAt;
    }
  }

  private live(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expiresAt === null) return entry;
    if (entry.expiresAt > this.listener.now()) return entry;
    this.remove(key, entry);
    this.listener.expired(this, key);
    return undefined;
  }

  private remove(key: string, entry: Entry): void {
    this.entries.delete(key);
    if (entry.expiresAt !== null) this.expiring--;
    this.version++;
  }
}

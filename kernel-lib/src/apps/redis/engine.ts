import type { Random } from "../../sim/random.js";
import { dispatch } from "./dispatch.js";
import { FAMILIES } from "./families.js";
import type { EventKind, Family, Handler } from "./family.js";
import { Keyspace } from "./keyspace.js";
import type { Reply } from "./reply.js";
import { RedisSession, type SessionEnds } from "./session.js";
import { DEFAULT_SETTINGS } from "./settings.js";

/** The version that the engine claims to be: Debian 12's, with which it is compared. */
export const REDIS_VERSION = "7.0.15";

export interface EngineOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: Random;
  /** As in redis.conf: `requirepass`, `databases`, `hash-max-listpack-entries` … */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Redis without sockets, files and a clock of its own: bytes of clients in, answers out. The same engine serves the lab, a real port and a browser.
 */
export class RedisEngine {
  readonly now: () => number;
  readonly random: Random;
  /** What CONFIG GET tells and CONFIG SET changes. */
  readonly settings: Map<string, string>;
  readonly families: readonly Family[];
  readonly handlers = new Map<string, Handler>();
  readonly sessions = new Map<number, RedisSession>();
  /** Counters of INFO. */
  readonly statistics = {
    startedAt: 0,
    connections: 0,
    commands: 0,
    hits: 0,
    misses: 0,
    expired: 0,
    /** Changes since the last save. */
    dirty: 0,
  };
  readonly databases: Keyspace[] = [];
  private readonly unsent = new Set<RedisSession>();
  private nextSession = 1;
  private settling = false;

  constructor(options: EngineOptions) {
    this.now = options.now;
    this.random = options.random;
    this.settings = new Map([...DEFAULT_SETTINGS, ...Object.entries(options.settings ?? {})]);
    this.statistics.startedAt = this.now();
    const listener = { now: this.now, expired: (keys: Keyspace, key: string) => this.expired(keys, key) };
    const databases = this.setting("databases");
    for (let index = 0; index < databases; index++) this.databases.push(new Keyspace(index, listener));
    this.families = FAMILIES.map((make) => make(this));
    for (const { commands } of this.families) {
      for (const [name, handler] of Object.entries(commands)) this.handlers.set(name, handler);
    }
  }

  /** A client has connected. */
  connect(ends: SessionEnds): RedisSession {
    const session = new RedisSession(this, this.nextSession++, ends);
    session.authenticated = (this.settings.get("requirepass") ?? "") === "";
    this.sessions.set(session.id, session);
    this.statistics.connections++;
    return session;
  }

  /** Carries out one command of a session, at once, and gives its answer. */
  execute(session: RedisSession, args: readonly string[]): Reply {
    return dispatch(this, session, args);
  }

  database(index: number): Keyspace {
    return this.databases[index]!;
  }

  get databaseCount(): number {
    return this.databases.length;
  }

  /** A setting that is a number. */
  setting(name: string): number {
    return Number(this.settings.get(name));
  }

  /** A key's value has changed, come or gone. */
  changed(keys: Keyspace, key: string, kind: EventKind, event: string, changes = 1): void {
    this.statistics.dirty += changes;
    for (const family of this.families) family.changed?.(keys, key);
    this.notify(keys, kind, event, key);
  }

  /** Tells an event of a key without a change of its value. */
  notify(keys: Keyspace, kind: EventKind, event: string, key: string): void {
    for (const family of this.families) family.notified?.(keys, kind, event, key);
  }

  /** Empties a database (FLUSHDB). */
  flushDatabase(keys: Keyspace): void {
    this.statistics.dirty += keys.size;
    const gone = [...keys.keys()];
    keys.clear();
    for (const key of gone) for (const family of this.families) family.changed?.(keys, key);
  }

  /** Exchanges two databases (SWAPDB). */
  swapDatabases(one: Keyspace, other: Keyspace): void {
    const concerned = new Set([...one.keys(), ...other.keys()]);
    one.swap(other);
    this.statistics.dirty++;
    for (const keys of [one, other]) {
      for (const key of concerned) for (const family of this.families) family.changed?.(keys, key);
    }
  }

  /** A command has looked for a key. */
  looked(found: boolean): void {
    if (found) this.statistics.hits++;
    else this.statistics.misses++;
  }

  /** When {@link tick} is due, in milliseconds since 1970: a key expires, or a client has waited long enough. */
  nextDeadline(): number | null {
    const times: number[] = [];
    for (const keys of this.databases) times.push(keys.nextExpiry() ?? Infinity);
    for (const family of this.families) times.push(family.deadline?.() ?? Infinity);
    const next = Math.min(...times);
    return next === Infinity ? null : next;
  }

  tick(): void {
    for (const keys of this.databases) keys.expire();
    for (const family of this.families) family.tick?.();
    this.settle();
  }

  /** The commands at hand are carried out: those who wait get what they wait for, and all answers go out. */
  settle(): void {
    if (this.settling) return;
    this.settling = true;
    try {
      for (const family of this.families) family.settled?.();
    } finally {
      this.settling = false;
    }
    this.flush();
  }

  /** A session has something to send. */
  touched(session: RedisSession): void {
    this.unsent.add(session);
  }

  flush(): void {
    for (const session of this.unsent) {
      this.unsent.delete(session);
      session.flush();
    }
  }

  forget(session: RedisSession): void {
    this.sessions.delete(session.id);
    this.unsent.delete(session);
    for (const family of this.families) family.closed?.(session);
  }

  private expired(keys: Keyspace, key: string): void {
    this.statistics.expired++;
    this.changed(keys, key, "x", "expired");
  }
}

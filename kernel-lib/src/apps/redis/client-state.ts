import type { RedisEngine } from "./engine.js";
import type { RedisSession } from "./session.js";

/** A command that waits for EXEC. */
export interface Queued {
  readonly args: readonly string[];
}

/** What a transaction of one client has gathered. */
export interface Transaction {
  readonly queue: Queued[];
  /** A command was refused while it was gathered: EXEC carries nothing out. */
  aborted: boolean;
}

/** What the commands of several families know of one client, beside the session's own (Redis 7.0, server.h struct client). */
export interface ClientState {
  name: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  usedAt: number;
  /** As CLIENT LIST names it: `client|list`. */
  lastCommand: string;
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
  readonly shardChannels: Set<string>;
  transaction: Transaction | null;
  /** Watched keys, as `database:key`. */
  readonly watched: Set<string>;
  /** A watched key has changed. */
  watchFailed: boolean;
  /** EXEC is carrying out its commands: none of them may wait. */
  executing: boolean;
  monitors: boolean;
  noEvict: boolean;
}

const STATES = new WeakMap<RedisSession, ClientState>();

export function clientState(session: RedisSession): ClientState {
  const known = STATES.get(session);
  if (known !== undefined) return known;
  const now = session.engine.now();
  const state: ClientState = {
    name: "",
    connectedAt: now,
    usedAt: now,
    lastCommand: "NULL",
    channels: new Set(),
    patterns: new Set(),
    shardChannels: new Set(),
    transaction: null,
    watched: new Set(),
    watchFailed: false,
    executing: false,
    monitors: false,
    noEvict: false,
  };
  STATES.set(session, state);
  return state;
}

/** Channels and patterns that a client listens to, of all kinds. */
export function subscriptions({ channels, patterns, shardChannels }: ClientState): number {
  return channels.size + patterns.size + shardChannels.size;
}

/** Ends a client's transaction and its watch. */
export function leaveTransaction(state: ClientState): void {
  state.transaction = null;
  state.watched.clear();
  state.watchFailed = false;
}

/** What a family keeps for one engine, found by the engine. */
export function perEngine<T>(make: (engine: RedisEngine) => T): (engine: RedisEngine) => T {
  const made = new WeakMap<RedisEngine, T>();
  return (engine) => {
    let one = made.get(engine);
    if (one === undefined) {
      one = make(engine);
      made.set(engine, one);
    }
    return one;
  };
}

import type { Call } from "./call.js";
import type { RedisEngine } from "./engine.js";
import type { Keyspace } from "./keyspace.js";
import type { Reply } from "./reply.js";
import type { RedisSession } from "./session.js";

/** Carries out one command. It answers, throws a RedisError, or returns NO_REPLY. */
export type Handler = (call: Call) => Reply;

/** Kinds of events of keys, as `notify-keyspace-events` names them: generic, string, list, set, hash, sorted set, stream, expired, evicted, new, module type, miss. */
export type EventKind = "g" | "$" | "l" | "s" | "h" | "z" | "t" | "x" | "e" | "n" | "d" | "m";

/** Commands that belong together, with the state that they share: made once for each engine. */
export interface Family {
  /** By name in small letters; a subcommand as `config|get`. */
  readonly commands: Readonly<Record<string, Handler>>;
  /** Asked before a command is carried out, in the families' order: a reply stands for it (an error, QUEUED). */
  gate?(call: Call): Reply | undefined;
  /** A command was not carried out: it is unknown, has wrong arguments, or a gate answered with an error. */
  rejected?(session: RedisSession): void;
  /** A command was carried out. */
  after?(call: Call, reply: Reply): void;
  /** A key's value has changed (or the key has come or gone) by a command or by its expiry. */
  changed?(keyspace: Keyspace, key: string): void;
  /** The same, told as Redis tells it by keyspace notifications. */
  notified?(keyspace: Keyspace, kind: EventKind, event: string, key: string): void;
  /** All of a session's input is read, its commands are carried out: those who waited for a key may get it. */
  settled?(): void;
  /** A connection has ended. */
  closed?(session: RedisSession): void;
  /** When it wants {@link tick}, in the engine's milliseconds. */
  deadline?(): number | null;
  tick?(): void;
}

export type FamilyMaker = (engine: RedisEngine) => Family;

import { lower } from "./byte-text.js";
import type { CommandSpec } from "./command-table.js";
import type { RedisEngine } from "./engine.js";
import { notFloat, notInteger, syntaxError, wrongType } from "./errors.js";
import type { EventKind } from "./family.js";
import type { Keyspace } from "./keyspace.js";
import { readDouble, readInteger } from "./numbers.js";
import type { RedisSession } from "./session.js";
import type { RedisValue, ValueKind } from "./value.js";

/** One command of one client, and what its handler needs: the arguments read, the keys of the chosen database. */
export class Call {
  constructor(
    readonly engine: RedisEngine,
    readonly session: RedisSession,
    readonly spec: CommandSpec,
    /** The command's own name first. */
    readonly args: readonly string[],
  ) {}

  /** The database that the client has chosen (SELECT). */
  get keys(): Keyspace {
    return this.engine.database(this.session.database);
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.engine.now();
  }

  /** Words, the command's own among them. */
  get count(): number {
    return this.args.length;
  }

  arg(index: number): string {
    const text = this.args[index];
    if (text === undefined) throw syntaxError();
    return text;
  }

  /** An option's word, in small letters; empty behind the last one. */
  word(index: number): string {
    return lower(this.args[index] ?? "");
  }

  /** A 64-bit integer. */
  long(index: number, error: () => Error = notInteger): bigint {
    const value = readInteger(this.arg(index));
    if (value === null) throw error();
    return value;
  }

  /** A 64-bit integer as a number: what lies beyond 2^53 is as large as to be out of every range. */
  integer(index: number, error?: () => Error): number {
    return Number(this.long(index, error));
  }

  double(index: number, error: () => Error = notFloat): number {
    const value = readDouble(this.arg(index));
    if (value === null) throw error();
    return value;
  }

  /** The value at a key if it is of this kind; another kind is an error. */
  read<T extends RedisValue>(key: string, kind: ValueKind<T>): T | undefined {
    const value = this.keys.get(key);
    this.engine.looked(value !== undefined);
    if (value === undefined || value instanceof kind) return value;
    throw wrongType();
  }

  /** As {@link read}, but not counted as a hit or miss: for a command that writes. */
  find<T extends RedisValue>(key: string, kind: ValueKind<T>): T | undefined {
    const value = this.keys.get(key);
    if (value === undefined || value instanceof kind) return value;
    throw wrongType();
  }

  /** Stores a value and tells everybody whom it concerns. */
  store(key: string, value: RedisValue, kind: EventKind, event: string, keepExpiry = true): void {
    this.keys.set(key, value, keepExpiry);
    this.changed(key, kind, event);
  }

  /** A value has changed in place. */
  changed(key: string, kind: EventKind, event: string, changes = 1): void {
    this.engine.changed(this.keys, key, kind, event, changes);
  }

  /** Deletes a key, with the event `del`, if there is such a key. */
  remove(key: string): boolean {
    if (!this.keys.delete(key)) return false;
    this.changed(key, "g", "del");
    return true;
  }
}

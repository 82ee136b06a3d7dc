/** Redis' names of the kinds of values (TYPE). */
export type TypeName = "string" | "list" | "set" | "zset" | "hash" | "stream";

/** A value of any kind: what the keyspace needs to know of it. Each kind is a class of its own, so that `instanceof` tells them apart. */
export interface RedisValue {
  readonly type: TypeName;
  /** How Redis would keep it: OBJECT ENCODING. */
  readonly encoding: string;
  /** A copy that shares nothing which can change (COPY). */
  clone(): RedisValue;
}

/** The class of one kind of values, as {@link Call.read} takes it. */
export type ValueKind<T extends RedisValue> = abstract new (...args: never[]) => T;

/** An answer before it is written: in RESP3 some kinds have a form of their own, which RESP2 says with the older ones. */
export type Reply =
  | string
  | number
  | bigint
  | null
  | readonly Reply[]
  | Status
  | RedisError
  | Mapping
  | Members
  | Double
  | Truth
  | Verbatim
  | BigNumber
  | Push
  | typeof NIL_ARRAY
  | typeof NO_REPLY;

/** `+OK`. */
export class Status {
  constructor(readonly text: string) {}
}

/** The null array: `*-1` in RESP2; RESP3 has one null. */
export const NIL_ARRAY = Symbol("null array");
/** Nothing is answered now: the command answers later, or has written its answers itself. */
export const NO_REPLY = Symbol("no reply");

/** `-ERR …`: the message begins with the code word. Thrown by a command, or an element of EXEC's answer. */
export class RedisError extends Error {}

/** A map in RESP3, in RESP2 an array of keys and values. */
export class Mapping {
  constructor(readonly entries: readonly (readonly [Reply, Reply])[]) {}
}

/** A set in RESP3, in RESP2 an array. */
export class Members {
  constructor(readonly items: readonly Reply[]) {}
}

/** A double in RESP3; in RESP2 a bulk string with 17 significant digits. */
export class Double {
  constructor(readonly value: number) {}
}

/** `#t` in RESP3, `:1` in RESP2. */
export class Truth {
  constructor(readonly value: boolean) {}
}

/** A text with its format in RESP3 (`=15\r\ntxt:…`), in RESP2 a bulk string. */
export class Verbatim {
  constructor(
    readonly text: string,
    readonly format: "txt" | "mkd" = "txt",
  ) {}
}

/** `(1234…` in RESP3, in RESP2 a bulk string. */
export class BigNumber {
  constructor(readonly digits: string) {}
}

/** What comes without being asked for: `>` in RESP3, in RESP2 an array. */
export class Push {
  constructor(readonly items: readonly Reply[]) {}
}

export const OK = new Status("OK");
export const QUEUED = new Status("QUEUED");

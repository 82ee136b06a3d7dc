import { error } from "./errors.js";
import type { RedisError } from "./reply.js";

const LARGEST = 2n ** 64n - 1n;

/** The id of an entry: milliseconds and a number within them. */
export interface StreamId {
  readonly ms: bigint;
  readonly seq: bigint;
}

export const ZERO_ID: StreamId = { ms: 0n, seq: 0n };
export const LAST_ID: StreamId = { ms: LARGEST, seq: LARGEST };

export const badId = (): RedisError => error("Invalid stream ID specified as stream command argument");

export function compareIds(a: StreamId, b: StreamId): number {
  if (a.ms !== b.ms) return a.ms < b.ms ? -1 : 1;
  return a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0;
}

export function formatId({ ms, seq }: StreamId): string {
  return `${ms}-${seq}`;
}

/** `ms-seq` or `ms` alone, whose number is then `missing`. Null for anything else. */
export function parseId(text: string, missing = 0n): StreamId | null {
  const match = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text);
  if (match === null) return null;
  const ms = BigInt(match[1]!);
  const seq = match[2] === undefined ? missing : BigInt(match[2]);
  return ms > LARGEST || seq > LARGEST ? null : { ms, seq };
}

/** The next one; null after the last. */
export function nextId({ ms, seq }: StreamId): StreamId | null {
  if (seq < LARGEST) return { ms, seq: seq + 1n };
  return ms < LARGEST ? { ms: ms + 1n, seq: 0n } : null;
}

export function previousId({ ms, seq }: StreamId): StreamId | null {
  if (seq > 0n) return { ms, seq: seq - 1n };
  return ms > 0n ? { ms: ms - 1n, seq: LARGEST } : null;
}

/** An end of a range: `-`, `+`, an id, or one that is not itself meant (`(id`). */
export function rangeEnd(text: string, end: "start" | "end"): StreamId {
  if (text === "-") return ZERO_ID;
  if (text === "+") return LAST_ID;
  const open = text.startsWith("(");
  const id = parseId(open ? text.slice(1) : text, end === "start" ? 0n : LARGEST);
  if (id === null) throw badId();
  if (!open) return id;
  const moved = end === "start" ? nextId(id) : previousId(id);
  if (moved === null)
    throw error(end === "start" ? "invalid start ID for the interval" : "invalid end ID for the interval");
  return moved;
}

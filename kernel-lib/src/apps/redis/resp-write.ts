import { formatDouble } from "./numbers.js";
import {
  BigNumber,
  Double,
  Mapping,
  Members,
  NIL_ARRAY,
  NO_REPLY,
  Push,
  RedisError,
  type Reply,
  Status,
  Truth,
  Verbatim,
} from "./reply.js";

/** The version of the protocol that a connection speaks (HELLO). */
export type RespVersion = 2 | 3;

const CRLF = "\r\n";

/**
 * Writes a reply as Redis' serialization protocol, one character a byte.
 * Source: the RESP3 specification; Redis 7.0 networking.c for what RESP2 gets instead.
 */
export function writeReply(reply: Reply, version: RespVersion): string {
  if (typeof reply === "string") return bulk(reply);
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}${CRLF}`;
  if (reply === null) return version === 3 ? `_${CRLF}` : `$-1${CRLF}`;
  if (reply === NIL_ARRAY) return version === 3 ? `_${CRLF}` : `*-1${CRLF}`;
  if (reply === NO_REPLY) return "";
  if (Array.isArray(reply)) return aggregate("*", reply, version);
  return writeObject(reply as object, version);
}

function writeObject(reply: object, version: RespVersion): string {
  if (reply instanceof Status) return `+${reply.text}${CRLF}`;
  if (reply instanceof RedisError) return `-${oneLine(reply.message)}${CRLF}`;
  if (reply instanceof Members) return aggregate(version === 3 ? "~" : "*", reply.items, version);
  if (reply instanceof Push) return aggregate(version === 3 ? ">" : "*", reply.items, version);
  if (reply instanceof Mapping) return writeMapping(reply, version);
  if (reply instanceof Double) {
    const text = formatDouble(reply.value);
    return version === 3 ? `,${text}${CRLF}` : bulk(text);
  }
  if (reply instanceof Truth) {
    if (version === 3) return `#${reply.value ? "t" : "f"}${CRLF}`;
    return `:${reply.value ? 1 : 0}${CRLF}`;
  }
  if (reply instanceof Verbatim) {
    if (version === 2) return bulk(reply.text);
    return `=${reply.text.length + 4}${CRLF}${reply.format}:${reply.text}${CRLF}`;
  }
  if (reply instanceof BigNumber) return version === 3 ? `(${reply.digits}${CRLF}` : bulk(reply.digits);
  throw new Error("a reply of an unknown kind");
}

function writeMapping({ entries }: Mapping, version: RespVersion): string {
  let text = version === 3 ? `%${entries.length}${CRLF}` : `*${entries.length * 2}${CRLF}`;
  for (const [key, value] of entries) text += writeReply(key, version) + writeReply(value, version);
  return text;
}

function aggregate(sign: string, items: readonly Reply[], version: RespVersion): string {
  let text = `${sign}${items.length}${CRLF}`;
  for (const item of items) text += writeReply(item, version);
  return text;
}

function bulk(text: string): string {
  return `$${text.length}${CRLF}${text}${CRLF}`;
}

/** An error is one line: line ends within it become spaces. */
function oneLine(text: string): string {
  return text.replace(/^[\r\n]+|[\r\n]+$/g, "").replace(/[\r\n]/g, " ");
}

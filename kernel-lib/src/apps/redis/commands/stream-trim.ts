import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import { badId, compareIds, parseId, type StreamId } from "../stream-id.js";
import type { StreamValue } from "../stream-value.js";

/** Entries that one node of Redis' tree holds (stream-node-max-entries): an approximate trim takes whole nodes. */
const NODE_ENTRIES = 100;

/** How much of a stream is to stay. */
export interface Trim {
  readonly keeps: { readonly length: number } | { readonly from: StreamId };
  /** `~`: whole nodes only. */
  readonly approximate: boolean;
  readonly limit: number;
}

/** `MAXLEN [=|~] n [LIMIT n]` or `MINID …` at a place; `last` is the place of its last word. */
export function readTrim(call: Call, at: number): { readonly trim: Trim; readonly last: number } {
  const kind = call.word(at);
  if (kind !== "maxlen" && kind !== "minid") throw syntaxError();
  let i = at + 1;
  const sign = call.args[i];
  if (sign === "=" || sign === "~") i++;
  const keeps = kind === "maxlen" ? { length: readLength(call, i) } : { from: readFrom(call, i) };
  let limit = 0;
  if (call.word(i + 1) === "limit") {
    limit = call.integer(i + 2);
    if (limit < 0) throw error("The LIMIT argument must be >= 0.");
    if (sign !== "~") throw error("syntax error, LIMIT cannot be used without the special ~ option");
    i += 2;
  }
  return { trim: { keeps, approximate: sign === "~", limit }, last: i };
}

function readLength(call: Call, index: number): number {
  const length = call.integer(index);
  if (length < 0) throw error("The MAXLEN argument must be >= 0.");
  return length;
}

function readFrom(call: Call, index: number): StreamId {
  const id = parseId(call.arg(index));
  if (id === null) throw badId();
  return id;
}

/** Takes the oldest entries away; gives how many. */
export function trimStream(stream: StreamValue, { keeps, approximate, limit }: Trim): number {
  let surplus = "length" in keeps ? stream.length - keeps.length : stream.placeOf(keeps.from);
  if (approximate) {
    surplus -= surplus % NODE_ENTRIES;
    if (limit > 0) surplus = Math.min(surplus, limit - (limit % NODE_ENTRIES));
    const last = stream.entries[surplus - 1];
    if (surplus > 0 && last !== undefined && "from" in keeps && compareIds(last.id, keeps.from) >= 0)
      return 0;
  }
  return surplus > 0 ? stream.dropFirst(surplus) : 0;
}

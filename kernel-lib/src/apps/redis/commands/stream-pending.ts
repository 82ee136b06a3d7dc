import type { Call } from "../call.js";
import { error, syntaxError } from "../errors.js";
import type { Handler } from "../family.js";
import type { Reply } from "../reply.js";
import {
  badId,
  compareIds,
  formatId,
  LAST_ID,
  parseId,
  rangeEnd,
  type StreamId,
  ZERO_ID,
} from "../stream-id.js";
import { type Consumer, type Group, type Pending, StreamValue } from "../stream-value.js";
import { addPending, consumerOf, noGroup } from "./stream-groups.js";

/** What was given to consumers: acknowledging it, asking about it, giving it to another. */
export const pendingCommands: Readonly<Record<string, Handler>> = {
  xack: acknowledge,
  xpending: pending,
  xclaim: claim,
  xautoclaim: autoClaim,
};

function readId(call: Call, index: number): StreamId {
  const id = parseId(call.arg(index));
  if (id === null) throw badId();
  return id;
}

function drop(group: Group, one: Pending): void {
  group.pending.splice(group.pending.indexOf(one), 1);
  one.consumer.pending--;
}

function acknowledge(call: Call): Reply {
  const group = call.find(call.arg(1), StreamValue)?.groups.get(call.arg(2));
  if (group === undefined) return 0;
  const ids = call.args.slice(3).map((_, i) => readId(call, i + 3));
  let done = 0;
  for (const id of ids) {
    const known = group.pending.find((one) => compareIds(one.id, id) === 0);
    if (known === undefined) continue;
    drop(group, known);
    done++;
  }
  if (done > 0) call.changed(call.arg(1), "t", "xack", done);
  return done;
}

function pending(call: Call): Reply {
  const extended = call.count > 3;
  let at = 3;
  let idle = 0;
  if (extended && call.word(3) === "idle") {
    idle = call.integer(4);
    at = 5;
  }
  if (extended && (call.count < at + 3 || call.count > at + 4)) throw syntaxError();
  const count = extended ? Math.max(0, call.integer(at + 2)) : 0;
  const start = extended ? rangeEnd(call.arg(at), "start") : ZERO_ID;
  const end = extended ? rangeEnd(call.arg(at + 1), "end") : LAST_ID;
  const group = call.read(call.arg(1), StreamValue)?.groups.get(call.arg(2));
  if (group === undefined) throw noGroup(call.arg(1), call.arg(2));
  if (!extended) return summary(group);
  const wanted = call.args[at + 3];
  const found = group.pending.filter(
    (one) =>
      compareIds(one.id, start) >= 0 &&
      compareIds(one.id, end) <= 0 &&
      (wanted === undefined || one.consumer.name === wanted) &&
      call.now - one.deliveredAt >= idle,
  );
  return found
    .slice(0, count)
    .map((one) => [
      formatId(one.id),
      one.consumer.name,
      Math.max(0, Math.floor(call.now - one.deliveredAt)),
      one.deliveries,
    ]);
}

function summary({ pending: all, consumers }: Group): Reply {
  if (all.length === 0) return [0, null, null, null];
  const busy = [...consumers.values()]
    .filter((consumer) => consumer.pending > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    all.length,
    formatId(all[0]!.id),
    formatId(all.at(-1)!.id),
    busy.map((consumer) => [consumer.name, String(consumer.pending)]),
  ];
}

interface ClaimOptions {
  readonly idle: number | null;
  readonly time: number | null;
  readonly retries: number | null;
  readonly force: boolean;
  readonly justId: boolean;
}

function claim(call: Call): Reply {
  const key = call.arg(1);
  const stream = call.find(key, StreamValue);
  const group = stream?.groups.get(call.arg(2));
  if (stream === undefined || group === undefined) throw noGroup(key, call.arg(2));
  const minimum = Math.max(
    0,
    call.integer(4, () => error("Invalid min-idle-time argument for XCLAIM")),
  );
  let at = 5;
  const ids: StreamId[] = [];
  for (; at < call.count; at++) {
    const id = parseId(call.arg(at));
    if (id === null) break;
    ids.push(id);
  }
  const options = readClaimOptions(call, at);
  const consumer = consumerOf(call, key, group, call.arg(3));
  const replies: Reply[] = [];
  for (const id of ids) {
    const entry = stream.find(id);
    const known = group.pending.find((one) => compareIds(one.id, id) === 0);
    if (entry === undefined) {
      if (known !== undefined) drop(group, known);
      continue;
    }
    if (known === undefined && !options.force) continue;
    if (known !== undefined && minimum > 0 && call.now - known.deliveredAt < minimum) continue;
    replies.push(
      take(call, group, consumer, id, known, options) ? formatId(id) : [formatId(id), entry.fields],
    );
  }
  if (replies.length > 0) call.changed(key, "t", "xclaim", replies.length);
  return replies;
}

/** Gives a pending entry to a consumer; true when only its id is answered. */
function take(
  call: Call,
  group: Group,
  consumer: Consumer,
  id: StreamId,
  known: Pending | undefined,
  { idle, time, retries, justId }: ClaimOptions,
): boolean {
  const deliveries = known?.deliveries ?? 0;
  addPending(group, consumer, id, call.now);
  const one = group.pending.find((other) => compareIds(other.id, id) === 0)!;
  one.deliveredAt = time ?? call.now - (idle ?? 0);
  one.deliveries = retries ?? (justId ? deliveries : deliveries + 1);
  return justId;
}

function readClaimOptions(call: Call, from: number): ClaimOptions {
  const numbers = new Map<string, number>();
  const flags = new Set<string>();
  for (let i = from; i < call.count; i++) {
    const word = call.word(i);
    if (word === "force" || word === "justid") flags.add(word);
    else if (["idle", "time", "retrycount"].includes(word) && i + 1 < call.count)
      numbers.set(
        word,
        call.integer(++i, () => error(`Invalid ${word.toUpperCase()} option argument for XCLAIM`)),
      );
    else if (word === "lastid" && i + 1 < call.count) readId(call, ++i);
    else throw error(`Unrecognized XCLAIM option '${call.arg(i)}'`);
  }
  return {
    idle: numbers.get("idle") ?? null,
    time: numbers.get("time") ?? null,
    retries: numbers.get("retrycount") ?? null,
    force: flags.has("force"),
    justId: flags.has("justid"),
  };
}

function autoClaim(call: Call): Reply {
  const minimum = Math.max(
    0,
    call.integer(4, () => error("Invalid min-idle-time argument for XAUTOCLAIM")),
  );
  const start = rangeEnd(call.arg(5), "start");
  let count = 100;
  let justId = false;
  for (let i = 6; i < call.count; i++) {
    if (call.word(i) === "count" && i + 1 < call.count) {
      count = call.integer(++i, () => error("COUNT must be > 0"));
      if (count < 1) throw error("COUNT must be > 0");
    } else if (call.word(i) === "justid") justId = true;
    else throw syntaxError();
  }
  const key = call.arg(1);
  const stream = call.find(key, StreamValue);
  const group = stream?.groups.get(call.arg(2));
  if (stream === undefined || group === undefined) throw noGroup(key, call.arg(2));
  const consumer = consumerOf(call, key, group, call.arg(3));
  const options = { idle: null, time: null, retries: null, force: false, justId };
  const [claimed, gone]: [Reply[], Reply[]] = [[], []];
  let attempts = count * 10;
  let next: StreamId = ZERO_ID;
  for (const one of group.pending.filter(({ id }) => compareIds(id, start) >= 0)) {
    if (attempts-- <= 0 || claimed.length >= count) {
      next = one.id;
      break;
    }
    const entry = stream.find(one.id);
    if (entry === undefined) {
      drop(group, one);
      gone.push(formatId(one.id));
    } else if (call.now - one.deliveredAt >= minimum) {
      take(call, group, consumer, one.id, one, options);
      claimed.push(justId ? formatId(one.id) : [formatId(one.id), entry.fields]);
    }
  }
  if (claimed.length > 0) call.changed(key, "t", "xautoclaim", claimed.length);
  return [formatId(next), claimed, gone];
}

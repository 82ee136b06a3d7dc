import type { Call } from "../call.js";
import type { RedisEngine } from "../engine.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { ListValue } from "../list-value.js";
import { Double, NIL_ARRAY, RedisError, type Reply } from "../reply.js";
import { SortedSetValue } from "../sorted-set-value.js";
import { answerOrWait, waitingOf } from "../waiting.js";
import { type ListEnd, moveItem, popFromFirst, popItems, readEnd, readPopArguments } from "./lists.js";
import { popFromFirstSet, popMembers, readSetPopArguments, type ScoreEnd } from "./sorted-set-take.js";

/** Commands that wait until a key has something, and what wakes them. Source: Redis 7.0, blocked.c, t_list.c, t_zset.c. */
export function blockingFamily(engine: RedisEngine): Family {
  const waiting = waitingOf(engine);
  return {
    commands: {
      blpop: (call) => popFirst(call, "left"),
      brpop: (call) => popFirst(call, "right"),
      blmove: (call) => move(call, readEnd(call, 3), readEnd(call, 4), 5),
      brpoplpush: (call) => move(call, "right", "left", 3),
      blmpop: (call) => {
        const time = timeout(call, 1);
        readPopArguments(call, 2);
        return answerOrWait(call, time, NIL_ARRAY, () => popFromFirst(call, 2) ?? undefined);
      },
      bzpopmin: (call) => popMember(call, "min"),
      bzpopmax: (call) => popMember(call, "max"),
      bzmpop: (call) => {
        const time = timeout(call, 1);
        readSetPopArguments(call, 2);
        return answerOrWait(call, time, NIL_ARRAY, () => popFromFirstSet(call, 2) ?? undefined);
      },
      "client|unblock": unblock,
    },
    changed: () => {
      waiting.stirred = true;
    },
    settled: () => waiting.retry(),
    closed: (session) => waiting.forget(session),
    deadline: () => waiting.deadline(),
    tick: () => waiting.expire(engine.now()),
  };
}

/** Seconds, with a fraction, as milliseconds; 0 is without end. */
function timeout(call: Call, index: number): number {
  const outside = () => error("timeout is not a float or out of range");
  const seconds = call.double(index, outside);
  if (seconds > Number.MAX_SAFE_INTEGER / 1000) throw error("timeout is out of range");
  if (seconds < 0) throw error("timeout is negative");
  return Math.ceil(seconds * 1000);
}

function popFirst(call: Call, end: ListEnd): Reply {
  const time = timeout(call, call.count - 1);
  const keys = call.args.slice(1, -1);
  return answerOrWait(call, time, NIL_ARRAY, () => {
    for (const key of keys) {
      const list = call.find(key, ListValue);
      if (list !== undefined) return [key, popItems(call, key, list, end, 1)[0]!];
    }
    return undefined;
  });
}

function move(call: Call, from: ListEnd, to: ListEnd, timeAt: number): Reply {
  const time = timeout(call, timeAt);
  return answerOrWait(
    call,
    time,
    null,
    () => moveItem(call, call.arg(1), call.arg(2), from, to) ?? undefined,
  );
}

function popMember(call: Call, end: ScoreEnd): Reply {
  const time = timeout(call, call.count - 1);
  const keys = call.args.slice(1, -1);
  return answerOrWait(call, time, NIL_ARRAY, () => {
    for (const key of keys) {
      const set = call.find(key, SortedSetValue);
      if (set === undefined) continue;
      const [{ member, score } = { member: "", score: 0 }] = popMembers(call, key, set, end, 1);
      return [key, member, new Double(score)];
    }
    return undefined;
  });
}

function unblock(call: Call): Reply {
  const id = call.integer(2);
  const how = call.count === 3 ? "timeout" : call.word(3);
  if (call.count > 4) throw syntaxError();
  if (how !== "timeout" && how !== "error") throw error("CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  const session = call.engine.sessions.get(id);
  const reply = how === "error" ? new RedisError("UNBLOCKED client unblocked via CLIENT UNBLOCK") : null;
  return session !== undefined && waitingOf(call.engine).unblock(session, reply) ? 1 : 0;
}

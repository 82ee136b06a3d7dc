import { Call } from "../call.js";
import { clientState, leaveTransaction, perEngine } from "../client-state.js";
import { lookUp, perform } from "../dispatch.js";
import type { RedisEngine } from "../engine.js";
import type { Family } from "../family.js";
import { NIL_ARRAY, OK, QUEUED, RedisError, type Reply } from "../reply.js";
import type { RedisSession } from "../session.js";

/** Commands that a transaction does not gather: they are carried out at once. */
const AT_ONCE = new Set(["exec", "discard", "multi", "watch", "quit", "reset"]);

/** Clients by the keys that they watch, as `database:key`. */
const watchersOf = perEngine(() => new Map<string, Set<RedisSession>>());

/** MULTI, EXEC, DISCARD, WATCH. Source: Redis 7.0, multi.c. */
export function transactionsFamily(engine: RedisEngine): Family {
  return {
    commands: { multi, exec, discard, watch, unwatch },
    gate: ({ session, spec, args }) => {
      const { transaction } = clientState(session);
      if (transaction === null || AT_ONCE.has(spec.name)) return undefined;
      if (spec.flags.has("no_multi")) return new RedisError("ERR Command not allowed inside a transaction");
      transaction.queue.push({ args });
      return QUEUED;
    },
    rejected: (session) => {
      const { transaction } = clientState(session);
      if (transaction !== null) transaction.aborted = true;
    },
    changed: (keys, key) => {
      for (const session of watchersOf(engine).get(`${keys.index}:${key}`) ?? [])
        clientState(session).watchFailed = true;
    },
    closed: forgetWatch,
  };
}

function multi({ session }: Call): Reply {
  const state = clientState(session);
  if (state.transaction !== null) throw new RedisError("ERR MULTI calls can not be nested");
  state.transaction = { queue: [], aborted: false };
  return OK;
}

function exec({ engine, session }: Call): Reply {
  const state = clientState(session);
  const { transaction, watchFailed } = state;
  if (transaction === null) throw new RedisError("ERR EXEC without MULTI");
  forgetWatch(session);
  if (transaction.aborted)
    throw new RedisError("EXECABORT Transaction discarded because of previous errors.");
  if (watchFailed) return NIL_ARRAY;
  state.executing = true;
  try {
    return transaction.queue.map(({ args }) => {
      const spec = lookUp(args);
      return spec instanceof RedisError ? spec : perform(new Call(engine, session, spec, args));
    });
  } finally {
    state.executing = false;
  }
}

function discard({ session }: Call): Reply {
  if (clientState(session).transaction === null) throw new RedisError("ERR DISCARD without MULTI");
  forgetWatch(session);
  return OK;
}

function watch(call: Call): Reply {
  const { session, engine } = call;
  const state = clientState(session);
  if (state.transaction !== null) throw new RedisError("ERR WATCH inside MULTI is not allowed");
  for (const key of call.args.slice(1)) {
    const name = `${session.database}:${key}`;
    state.watched.add(name);
    const watchers = watchersOf(engine);
    watchers.set(name, (watchers.get(name) ?? new Set()).add(session));
  }
  return OK;
}

function unwatch({ session }: Call): Reply {
  const { transaction } = clientState(session);
  forgetWatch(session);
  clientState(session).transaction = transaction;
  return OK;
}

/** Ends a client's transaction and its watch, if any. */
export function forgetWatch(session: RedisSession): void {
  const state = clientState(session);
  const watchers = watchersOf(session.engine);
  for (const name of state.watched) {
    const list = watchers.get(name);
    list?.delete(session);
    if (list?.size === 0) watchers.delete(name);
  }
  leaveTransaction(state);
}

import type { Call } from "../call.js";
import { add, type Channels, channelsOf, remove } from "../channels.js";
import { type ClientState, clientState, subscriptions } from "../client-state.js";
import type { RedisEngine } from "../engine.js";
import type { Family } from "../family.js";
import { globMatches } from "../glob.js";
import { notificationsFor } from "../notifications.js";
import { Push, RedisError, type Reply } from "../reply.js";
import type { RedisSession } from "../session.js";

/** One of the three ways to listen. */
interface Kind {
  /** Before `subscribe` in the command and its answers. */
  readonly prefix: string;
  readonly mine: (state: ClientState) => Set<string>;
  readonly all: (channels: Channels) => Map<string, Set<RedisSession>>;
  /** Of a client, as the answers count them. */
  readonly count: (state: ClientState) => number;
}

const both = ({ channels, patterns }: ClientState) => channels.size + patterns.size;
const CHANNEL: Kind = {
  prefix: "",
  mine: (state) => state.channels,
  all: ({ channels }) => channels,
  count: both,
};
const PATTERN: Kind = {
  prefix: "p",
  mine: (state) => state.patterns,
  all: ({ patterns }) => patterns,
  count: both,
};
const SHARD: Kind = {
  prefix: "s",
  mine: (state) => state.shardChannels,
  all: ({ shardChannels }) => shardChannels,
  count: ({ shardChannels }) => shardChannels.size,
};

/** What a client that listens may do in RESP2. */
const ALLOWED = new Set(
  "ping subscribe ssubscribe sunsubscribe unsubscribe psubscribe punsubscribe quit reset".split(" "),
);

/** Publish and subscribe, with patterns and shard channels, and the notifications of keys. Source: Redis 7.0, pubsub.c. */
export function pubsubFamily(engine: RedisEngine): Family {
  return {
    commands: {
      subscribe: (call) => subscribe(call, CHANNEL),
      psubscribe: (call) => subscribe(call, PATTERN),
      ssubscribe: (call) => subscribe(call, SHARD),
      unsubscribe: (call) => unsubscribe(call, CHANNEL),
      punsubscribe: (call) => unsubscribe(call, PATTERN),
      sunsubscribe: (call) => unsubscribe(call, SHARD),
      publish: (call) => channelsOf(call.engine).publish(call.arg(1), call.arg(2)),
      spublish: (call) => channelsOf(call.engine).publishShard(call.arg(1), call.arg(2)),
      "pubsub|channels": (call) => listed(channelsOf(call.engine).channels, call),
      "pubsub|shardchannels": (call) => listed(channelsOf(call.engine).shardChannels, call),
      "pubsub|numsub": (call) => counted(channelsOf(call.engine).channels, call),
      "pubsub|shardnumsub": (call) => counted(channelsOf(call.engine).shardChannels, call),
      "pubsub|numpat": (call) => channelsOf(call.engine).patterns.size,
    },
    gate: ({ session, spec, args }) => {
      if (session.resp !== 2 || ALLOWED.has(spec.name)) return undefined;
      if (subscriptions(clientState(session)) === 0) return undefined;
      return new RedisError(
        `ERR Can't execute '${args[0]!.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    },
    notified: (keys, kind, event, key) => {
      for (const [channel, message] of notificationsFor(engine, keys.index, kind, event, key))
        channelsOf(engine).publish(channel, message);
    },
    closed: (session) => channelsOf(engine).leave(session),
  };
}

/** Each channel has an answer of its own. */
function subscribe(call: Call, kind: Kind): Reply {
  const state = clientState(call.session);
  const answers = call.args.slice(1).map((name) => {
    kind.mine(state).add(name);
    add(kind.all(channelsOf(call.engine)), name, call.session);
    return new Push([`${kind.prefix}subscribe`, name, kind.count(state)]);
  });
  return sayAll(call.session, answers);
}

function unsubscribe(call: Call, kind: Kind): Reply {
  const state = clientState(call.session);
  const named = call.count > 1 ? call.args.slice(1) : [...kind.mine(state)];
  const word = `${kind.prefix}unsubscribe`;
  if (named.length === 0) return new Push([word, null, kind.count(state)]);
  const answers = named.map((name) => {
    kind.mine(state).delete(name);
    remove(kind.all(channelsOf(call.engine)), name, call.session);
    return new Push([word, name, kind.count(state)]);
  });
  return sayAll(call.session, answers);
}

/** All but the last are said at once; the last one is the command's answer. */
function sayAll(session: RedisSession, answers: readonly Push[]): Reply {
  for (const answer of answers.slice(0, -1)) session.send(answer);
  return answers.at(-1)!;
}

function listed(lists: ReadonlyMap<string, unknown>, call: Call): Reply {
  const pattern = call.args[2];
  return [...lists.keys()].filter((name) => pattern === undefined || globMatches(pattern, name));
}

function counted(lists: ReadonlyMap<string, ReadonlySet<unknown>>, call: Call): Reply {
  return call.args.slice(2).flatMap((name) => [name, lists.get(name)?.size ?? 0]);
}

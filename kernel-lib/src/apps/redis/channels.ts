import { clientState, perEngine } from "./client-state.js";
import { globMatches } from "./glob.js";
import { Push } from "./reply.js";
import type { RedisSession } from "./session.js";

/** Who listens to what: the lists behind publish and subscribe (Redis 7.0, pubsub.c). */
export class Channels {
  readonly channels = new Map<string, Set<RedisSession>>();
  readonly patterns = new Map<string, Set<RedisSession>>();
  readonly shardChannels = new Map<string, Set<RedisSession>>();

  /** Sends a message to all who listen; gives how many got it. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const session of this.channels.get(channel) ?? []) {
      session.send(new Push(["message", channel, message]));
      receivers++;
    }
    for (const [pattern, sessions] of this.patterns) {
      if (!globMatches(pattern, channel)) continue;
      for (const session of sessions) {
        session.send(new Push(["pmessage", pattern, channel, message]));
        receivers++;
      }
    }
    return receivers;
  }

  publishShard(channel: string, message: string): number {
    const sessions = this.shardChannels.get(channel) ?? new Set<RedisSession>();
    for (const session of sessions) session.send(new Push(["smessage", channel, message]));
    return sessions.size;
  }

  /** A client has gone, or resets: it listens to nothing any more. */
  leave(session: RedisSession): void {
    const state = clientState(session);
    for (const channel of state.channels) remove(this.channels, channel, session);
    for (const pattern of state.patterns) remove(this.patterns, pattern, session);
    for (const channel of state.shardChannels) remove(this.shardChannels, channel, session);
    state.channels.clear();
    state.patterns.clear();
    state.shardChannels.clear();
  }
}

export function add(lists: Map<string, Set<RedisSession>>, name: string, session: RedisSession): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, new Set([session]));
  else list.add(session);
}

export function remove(lists: Map<string, Set<RedisSession>>, name: string, session: RedisSession): void {
  const list = lists.get(name);
  list?.delete(session);
  if (list?.size === 0) lists.delete(name);
}

export const channelsOf = perEngine(() => new Channels());

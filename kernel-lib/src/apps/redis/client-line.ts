import { clientState, perEngine } from "./client-state.js";
import type { RedisEngine } from "./engine.js";
import type { RedisSession } from "./session.js";

/** First file descriptor that a connection gets, behind Redis' own. */
const FIRST_FD = 8;
/** Bytes of a client's buffers: what it reads into, what it answers from, and all together when it rests (Redis 7.0, networking.c). */
const QUERY_BUFFER = 20_474;
const REPLY_BUFFER = 16_384;
const RESTING_REPLY_BUFFER = 1024;
const RESTING_MEMORY = 1928;
const OWN_MEMORY = 37_648;

const descriptorsOf = perEngine(() => new Map<RedisSession, number>());

/** The descriptor of a connection: the lowest that is free. */
function descriptor(session: RedisSession): number {
  const given = descriptorsOf(session.engine);
  for (const known of given.keys()) if (known.closed) given.delete(known);
  const known = given.get(session);
  if (known !== undefined) return known;
  const taken = new Set(given.values());
  let fd = FIRST_FD;
  while (taken.has(fd)) fd++;
  given.set(session, fd);
  return fd;
}

/** Gives every connection its descriptor in the order in which they came. */
export function numberDescriptors(engine: RedisEngine): void {
  for (const session of engine.sessions.values()) descriptor(session);
}

/** One letter for each thing that is true of a client, N when there is none. */
function flagsOf(session: RedisSession): string {
  const state = clientState(session);
  const flags = [
    state.monitors ? "O" : "",
    state.channels.size + state.patterns.size + state.shardChannels.size > 0 ? "P" : "",
    state.transaction !== null ? "x" : "",
    session.blocked ? "b" : "",
    state.watchFailed ? "d" : "",
    state.noEvict ? "e" : "",
  ].join("");
  return flags === "" ? "N" : flags;
}

/**
 * A client as CLIENT LIST prints it (Redis 7.0, networking.c catClientInfoString). `args` are those of the command that asks, when it is this client's.
 * Divergence: the sizes of buffers are those of a client that rests, or that has just asked.
 */
export function clientLine(session: RedisSession, args: readonly string[] | null): string {
  const state = clientState(session);
  const { ends } = session;
  const now = session.engine.now();
  const whole = (since: number) => Math.floor(now / 1000) - Math.floor(since / 1000);
  const queried = args === null ? 0 : requestLength(args);
  const words = args === null ? 0 : args.reduce((sum, word) => sum + word.length, 0);
  return [
    `id=${session.id}`,
    `addr=${ends.address}:${ends.port}`,
    `laddr=${ends.local}`,
    `fd=${descriptor(session)}`,
    `name=${state.name}`,
    `age=${whole(state.connectedAt)}`,
    `idle=${whole(state.usedAt)}`,
    `flags=${flagsOf(session)}`,
    `db=${session.database}`,
    `sub=${state.channels.size}`,
    `psub=${state.patterns.size}`,
    `ssub=${state.shardChannels.size}`,
    `multi=${state.transaction?.queue.length ?? -1}`,
    `qbuf=${queried}`,
    `qbuf-free=${args === null ? 0 : QUERY_BUFFER - queried}`,
    `argv-mem=${words}`,
    "multi-mem=0",
    `rbs=${args === null ? RESTING_REPLY_BUFFER : REPLY_BUFFER}`,
    `rbp=${args === null ? 0 : REPLY_BUFFER}`,
    "obl=0",
    "oll=0",
    "omem=0",
    `tot-mem=${args === null ? RESTING_MEMORY : OWN_MEMORY + words}`,
    "events=r",
    `cmd=${state.lastCommand}`,
    "user=default",
    "redir=-1",
    `resp=${session.resp}`,
  ].join(" ");
}

/** Bytes of a command as an array of bulk strings. */
function requestLength(args: readonly string[]): number {
  const line = (length: number) => String(length).length + 3;
  return line(args.length) + args.reduce((sum, { length }) => sum + line(length) + length + 2, 0);
}

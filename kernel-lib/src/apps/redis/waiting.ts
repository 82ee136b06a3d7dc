import type { Call } from "./call.js";
import { clientState, perEngine } from "./client-state.js";
import { NO_REPLY, RedisError, type Reply } from "./reply.js";
import type { RedisSession } from "./session.js";

/** A client that waits for a key. */
interface Waiter {
  readonly session: RedisSession;
  /** Milliseconds since 1970; null: without end. */
  readonly deadline: number | null;
  /** Tries again; undefined: it goes on waiting. */
  readonly attempt: () => Reply | undefined;
  /** What it is told when its time is over. */
  readonly late: Reply;
}

/** The clients that wait, the longest-waiting first (Redis 7.0, blocked.c). */
class Waiting {
  private waiters: Waiter[] = [];
  /** A key has changed since they last tried. */
  stirred = false;

  add(waiter: Waiter): void {
    this.waiters.push(waiter);
    waiter.session.block();
  }

  /** Lets everybody try, until nobody gets anything. */
  retry(): void {
    while (this.stirred) {
      this.stirred = false;
      for (const waiter of [...this.waiters]) {
        const reply = tried(waiter);
        if (reply !== undefined) this.end(waiter, reply);
      }
    }
  }

  deadline(): number | null {
    const times = this.waiters.flatMap(({ deadline }) => deadline ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  expire(now: number): void {
    for (const waiter of [...this.waiters])
      if (waiter.deadline !== null && waiter.deadline <= now) this.end(waiter, waiter.late);
  }

  /** CLIENT UNBLOCK: as if its time were over, or with an error. False when it does not wait. */
  unblock(session: RedisSession, reply: Reply | null): boolean {
    const waiter = this.waiters.find((one) => one.session === session);
    if (waiter === undefined) return false;
    this.end(waiter, reply ?? waiter.late);
    return true;
  }

  forget(session: RedisSession): void {
    this.waiters = this.waiters.filter((one) => one.session !== session);
  }

  private end(waiter: Waiter, reply: Reply): void {
    this.waiters = this.waiters.filter((one) => one !== waiter);
    waiter.session.resume(reply);
  }
}

/** A key that has become one of another kind wakes nobody. */
function tried({ attempt }: Waiter): Reply | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    return undefined;
  }
}

export const waitingOf = perEngine(() => new Waiting());

/** The answer now, or later: within a transaction nobody waits. `milliseconds` 0 waits without end. */
export function answerOrWait(
  call: Call,
  milliseconds: number,
  late: Reply,
  attempt: () => Reply | undefined,
): Reply {
  const now = attempt();
  if (now !== undefined) return now;
  const { engine, session } = call;
  if (clientState(session).executing) return late;
  const deadline = milliseconds === 0 ? null : engine.now() + milliseconds;
  waitingOf(engine).add({ session, deadline, attempt, late });
  return NO_REPLY;
}

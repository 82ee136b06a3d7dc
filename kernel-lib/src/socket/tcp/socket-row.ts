import type { Nanoseconds } from "../../base/units.js";
import type { Connection } from "./connection.js";
import type { Listener } from "./listener.js";
import type { Endpoint, SocketOwner, TcpState } from "./state.js";

/** One line of `ss -t` or /proc/net/tcp. */
export interface SocketRow {
  readonly state: TcpState;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Bytes not yet read; for a listener the connections that wait for accept. */
  readonly receiveQueue: number;
  /** Bytes not yet acknowledged; for a listener the backlog. */
  readonly sendQueue: number;
  readonly owner: SocketOwner | null;
  /** A socket of IPv6 that takes IPv4 as well. */
  readonly dualStack: boolean;
  /** The timer that runs, in ss's words, and when it ends (virtual time). */
  readonly timer: {
    readonly kind: "on" | "timewait" | "persist";
    readonly at: Nanoseconds;
    readonly retries: number;
  } | null;
  /** For `ss -i`: smoothed round-trip time and its variance, timeout, congestion window in segments, segment size. */
  readonly detail: {
    readonly rtt: Nanoseconds;
    readonly rttVariance: Nanoseconds;
    readonly timeout: Nanoseconds;
    readonly congestionWindow: number;
    readonly mss: number;
  } | null;
}

export function listenerRow(listener: Listener): SocketRow {
  return {
    state: "LISTEN",
    local: listener.local,
    remote: { address: 0, port: 0 },
    receiveQueue: listener.queued,
    sendQueue: listener.backlog,
    owner: listener.owner,
    dualStack: listener.options.dualStack,
    timer: null,
    detail: null,
  };
}

export function connectionRow(connection: Connection): SocketRow {
  const { rtt, congestion, mss } = connection;
  return {
    state: connection.state,
    local: connection.local,
    remote: connection.remote,
    receiveQueue: connection.queue.readable,
    sendQueue: Math.max(0, connection.sendEnd - Math.max(connection.una, connection.initial + 1)),
    owner: connection.orphan ? null : connection.owner,
    dualStack: false,
    timer: timerOf(connection),
    detail: {
      rtt: rtt.smoothed,
      rttVariance: rtt.variance,
      timeout: rtt.timeout,
      congestionWindow: Math.floor(congestion.window / mss),
      mss,
    },
  };
}

function timerOf(connection: Connection): SocketRow["timer"] {
  const { stateTimer, retransmitTimer } = connection;
  if (stateTimer.running) return { kind: "timewait", at: stateTimer.deadline, retries: 0 };
  if (!retransmitTimer.running) return null;
  const probing = connection.nxt === connection.una;
  return {
    kind: probing ? "persist" : "on",
    at: retransmitTimer.deadline,
    retries: probing ? connection.probes : connection.retries,
  };
}

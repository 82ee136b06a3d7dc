import type { Nanoseconds } from "../../base/units.js";
import { ipv4HeaderLength } from "../../wire/ipv4.js";
import type { Packet } from "../../wire/packet.js";
import { TCP_LENGTH, tcp } from "../../wire/tcp.js";
import { type Connection, ORIGINAL, STATUS_ASSURED, STATUS_DYING, STATUS_SEEN_REPLY } from "./connection.js";
import {
  FIN_SET,
  flagsIndex,
  RST_SET,
  TCP_CLOSE,
  TCP_ESTABLISHED,
  TCP_IGNORE,
  TCP_INVALID,
  TCP_NONE,
  TCP_SYN_RECV,
  TCP_SYN_SENT,
  TCP_TIME_WAIT,
  TCP_TIMEOUT_UNACKNOWLEDGED,
  TCP_TIMEOUTS,
  TCP_TRANSITIONS,
} from "./tcp-states.js";

export const SEGMENT_OK = 0;
/** The packet has no connection. */
export const INVALID_SEGMENT = 1;
/** The old entry goes; the packet begins a new connection. */
export const REOPEN = 2;

function indexOf(packet: Packet): number {
  const at = packet.network + ipv4HeaderLength(packet.bytes, packet.network);
  return packet.end - at < TCP_LENGTH ? -1 : flagsIndex(tcp.flags.get(packet.bytes, at));
}

/** A first segment: a SYN, or (nf_conntrack_tcp_loose) one of a connection that is under way. False when it can begin nothing. */
export function openTcp(connection: Connection, packet: Packet, now: Nanoseconds): boolean {
  const index = indexOf(packet);
  if (index < 0) return false;
  const state = TCP_TRANSITIONS[ORIGINAL]![index]![TCP_NONE]!;
  if (state >= TCP_INVALID) return false;
  connection.tcpState = state;
  connection.lastIndex = index;
  connection.lastDirection = ORIGINAL;
  const timeout = TCP_TIMEOUTS[state]!;
  connection.expiresAt =
    now + (state === TCP_ESTABLISHED ? Math.min(timeout, TCP_TIMEOUT_UNACKNOWLEDGED) : timeout);
  return true;
}

/** A further segment (nf_conntrack_tcp_packet). */
export function acceptTcp(
  connection: Connection,
  packet: Packet,
  direction: number,
  now: Nanoseconds,
): number {
  const index = indexOf(packet);
  if (index < 0) return INVALID_SEGMENT;
  const old = connection.tcpState;
  const state = TCP_TRANSITIONS[direction]![index]![old]!;
  if (state === TCP_INVALID) return INVALID_SEGMENT;
  if (state === TCP_IGNORE) {
    connection.lastIndex = index;
    connection.lastDirection = direction;
    return SEGMENT_OK;
  }
  if (state === TCP_SYN_SENT && old >= TCP_TIME_WAIT && closed(connection, direction)) return REOPEN;
  connection.lastIndex = index;
  connection.lastDirection = direction;
  connection.tcpState = state;
  settle(connection, old, state, index, now);
  return SEGMENT_OK;
}

/** Whether a SYN may open it anew: both sides are through with it. */
function closed(connection: Connection, direction: number): boolean {
  const { lastIndex, lastDirection, tcpState } = connection;
  return (
    tcpState === TCP_TIME_WAIT ||
    tcpState === TCP_CLOSE ||
    lastIndex === FIN_SET ||
    (lastDirection === direction && lastIndex === RST_SET)
  );
}

function settle(connection: Connection, old: number, state: number, index: number, now: Nanoseconds): void {
  const timeout = TCP_TIMEOUTS[state]!;
  if ((connection.status & STATUS_SEEN_REPLY) === 0) {
    if (index === RST_SET) {
      connection.status |= STATUS_DYING;
      return;
    }
    const unacknowledged = state === TCP_ESTABLISHED && timeout > TCP_TIMEOUT_UNACKNOWLEDGED;
    connection.expiresAt = now + (unacknowledged ? TCP_TIMEOUT_UNACKNOWLEDGED : timeout);
    return;
  }
  if ((old === TCP_SYN_RECV || old === TCP_ESTABLISHED) && state === TCP_ESTABLISHED)
    connection.status |= STATUS_ASSURED;
  connection.expiresAt = now + timeout;
}

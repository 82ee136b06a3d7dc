import type { Errno } from "../../base/errno.js";
import {
  ICMP_PARAMETER_PROBLEM,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../../wire/icmp.js";
import type { Connection } from "./connection.js";
import { type Position, positionNear } from "./position.js";
import { transmit } from "./transmit.js";

/** Errors of "destination unreachable" by code (icmp_err_convert in net/ipv4/icmp.c); codes without a name of ours mean EHOSTUNREACH. */
const UNREACHABLE: readonly Errno[] = [
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EPROTO",
  "ECONNREFUSED",
  "EMSGSIZE",
  "EOPNOTSUPP",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EHOSTUNREACH",
];

function errnoOf(type: number, code: number): Errno | null {
  switch (type) {
    case ICMP_UNREACHABLE:
      return UNREACHABLE[code] ?? null;
    case ICMP_TIME_EXCEEDED:
      return "EHOSTUNREACH";
    case ICMP_PARAMETER_PROBLEM:
      return "EPROTO";
    default:
      return null;
  }
}

/**
 * An ICMP error about one of our segments (tcp_v4_err): "fragmentation needed" makes segments smaller; any other ends a handshake and is
 * only remembered by a connection that stands (RFC 5461). `sequence` is the quoted one and must be in flight.
 */
export function receiveIcmpError(connection: Connection, sequence: number, type: number, code: number): void {
  const position = positionNear(connection.una, sequence);
  if (position < connection.una || position > connection.nxt) return;
  const errno = errnoOf(type, code);
  if (errno === null) return;
  if (type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED) {
    shrinkSegments(connection, position);
    return;
  }
  if (connection.state === "SYN_SENT" || connection.state === "SYN_RECV") {
    if (connection.listener === null) connection.finish(errno);
    return;
  }
  connection.softError = errno;
}

/**
 * The path takes less than we sent: smaller segments, and those in flight that were too long again (tcp_v4_mtu_reduced, tcp_simple_retransmit). Linux looks
 * at each one's length; here it is all from the quoted one on, since the segments before it had fitted.
 */
function shrinkSegments(connection: Connection, quoted: Position): void {
  if (connection.state === "TIME_WAIT" || connection.state === "SYN_SENT") return;
  const before = connection.mss;
  connection.fitMss();
  if (connection.mss >= before || connection.nxt === connection.una) return;
  const { scoreboard } = connection;
  if (scoreboard.repair === null) {
    scoreboard.enterRepair("loss", connection.nxt);
    scoreboard.loseAll(quoted);
  }
  connection.timedEnd = -1;
  transmit(connection);
}

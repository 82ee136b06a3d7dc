import type { Ipv4 } from "../base/addresses.js";
import type { Errno } from "../base/errno.js";
import type { Nanoseconds } from "../base/units.js";
import {
  ICMP_PARAMETER_PROBLEM,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  UNREACHABLE_FRAGMENTATION_NEEDED,
} from "../wire/icmp.js";

/** What recvmsg(MSG_ERRQUEUE) gives of a socket with IP_RECVERR: struct sock_extended_err with what came along. */
export interface UdpError {
  readonly errno: Errno;
  /** SO_EE_ORIGIN_LOCAL: refused here; SO_EE_ORIGIN_ICMP: a message came. */
  readonly origin: "local" | "icmp";
  /** Of the ICMP message; 0 for local errors. */
  readonly type: number;
  readonly code: number;
  /** The MTU of "message too long"; 0 otherwise. */
  readonly info: number;
  /** Who sent the ICMP message, and its TTL on arrival; 0 for local errors. */
  readonly offender: Ipv4;
  readonly ttl: number;
  /** Where the datagram went. */
  readonly destination: Ipv4;
  readonly port: number;
}

/** Who sent an ICMP error, and when it came. */
export interface ErrorOrigin {
  readonly source: Ipv4;
  readonly ttl: number;
  /** Time that the message spent within the machine: the socket is told after it. */
  readonly elapsed: Nanoseconds;
}

/** errno of each code of "destination unreachable", and whether a connected socket without IP_RECVERR is told (icmp_err_convert in net/ipv4/icmp.c). */
const UNREACHABLE: readonly (readonly [Errno, fatal: boolean])[] = [
  ["ENETUNREACH", false],
  ["EHOSTUNREACH", false],
  ["ENOPROTOOPT", true],
  ["ECONNREFUSED", true],
  ["EMSGSIZE", false],
  ["EOPNOTSUPP", false],
  ["ENETUNREACH", true],
  ["EHOSTDOWN", true],
  ["ENONET", true],
  ["ENETUNREACH", true],
  ["EHOSTUNREACH", true],
  ["ENETUNREACH", false],
  ["EHOSTUNREACH", false],
  ["EHOSTUNREACH", true],
  ["EHOSTUNREACH", true],
  ["EHOSTUNREACH", true],
];

/** What an ICMP error means for a UDP socket (__udp4_lib_err); null when it is not told to sockets. `discovers`: the socket does not leave DF out. */
export function udpErrno(
  type: number,
  code: number,
  discovers: boolean,
): { readonly errno: Errno; readonly fatal: boolean } | null {
  if (type === ICMP_TIME_EXCEEDED) return { errno: "EHOSTUNREACH", fatal: false };
  if (type === ICMP_PARAMETER_PROBLEM) return { errno: "EPROTO", fatal: true };
  if (type !== ICMP_UNREACHABLE) return null;
  if (code === UNREACHABLE_FRAGMENTATION_NEEDED) return discovers ? { errno: "EMSGSIZE", fatal: true } : null;
  const [errno, fatal] = UNREACHABLE[code] ?? ["EHOSTUNREACH", false];
  return { errno, fatal };
}

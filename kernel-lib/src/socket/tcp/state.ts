import type { Ipv4 } from "../../base/addresses.js";

/** The states of RFC 9293 §3.3.2, in the words of `ss` and /proc/net/tcp (net/tcp_states.h). */
export type TcpState =
  | "CLOSED"
  | "LISTEN"
  | "SYN_SENT"
  | "SYN_RECV"
  | "ESTABLISHED"
  | "FIN_WAIT1"
  | "FIN_WAIT2"
  | "CLOSE_WAIT"
  | "CLOSING"
  | "LAST_ACK"
  | "TIME_WAIT";

/** One end of a connection. Address 0 and port 0 mean "not chosen yet". */
export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/** Who has a socket open, as `ss -p` and the trace name it. */
export interface SocketOwner {
  readonly pid: number;
  readonly name: string;
  /** Number of the file descriptor. */
  readonly fd: number;
}

/** Options that a program sets before or while it uses a socket. */
export interface TcpSocketOptions {
  /** TCP_NODELAY: send small segments at once (Nagle off). */
  noDelay: boolean;
  /** SO_REUSEADDR: bind although connections of the same port are in TIME_WAIT. */
  reuseAddress: boolean;
  /** SO_BINDTODEVICE: interface index; 0 for any. */
  boundIndex: number;
  /** IP_TTL; 0 for the namespace's default (net.ipv4.ip_default_ttl). */
  ttl: number;
  /** IP_TOS. */
  tos: number;
  /** SO_MARK. */
  mark: number;
  /** TCP_MAXSEG: the largest segment size that is announced and used; 0 for what the path allows. */
  maximumSegment: number;
  /** A socket of IPv6 bound to all addresses, which takes IPv4 as well (not IPV6_V6ONLY): `ss` lists it as `*`. */
  dualStack: boolean;
}

export function defaultSocketOptions(): TcpSocketOptions {
  return {
    noDelay: false,
    reuseAddress: false,
    boundIndex: 0,
    ttl: 0,
    tos: 0,
    mark: 0,
    maximumSegment: 0,
    dualStack: false,
  };
}

import type { Ipv4 } from "../base/addresses.js";
import type { Path } from "../route/path.js";
import type { Packet } from "../wire/packet.js";
import type { Ipv4Output } from "./ipv4-output.js";

/** The header of packets that go by a known path. A socket keeps one and changes it, so that sending makes no objects. */
export interface PathHeader {
  source: Ipv4;
  protocol: number;
  ttl: number;
  tos: number;
  dontFragment: boolean;
  /** May be fragmented here although it carries DF (IP_PMTUDISC_WANT, the default of UDP and raw sockets). */
  mayFragment: boolean;
  /** Identification; -1 lets the stack choose by destination, as for unconnected sockets. */
  id: number;
  mark: number;
  cause: number;
  /** The peer has just answered: its neighbour entry is fresh (MSG_CONFIRM). */
  confirm: boolean;
}

/** The network layer for sockets that keep the way to their peer. */
export interface PathOutput extends Ipv4Output {
  /** The way to `destination`, `cached` itself while it still holds. Throws KernelError as connect(2) fails. */
  pathTo(destination: Ipv4, source: Ipv4, boundIndex: number, cached: Path | null): Path;
  /** Sends a packet whose `start` is at the transport header. Throws KernelError("EMSGSIZE"). */
  sendVia(packet: Packet, path: Path, destination: Ipv4, header: PathHeader): void;
  /** Starts the time of a packet that a socket has made: it waits for the processor, then the system call is counted. */
  startPacket(packet: Packet): void;
  /** Whether a socket may bind to `address`. */
  canBind(address: Ipv4): boolean;
  /** First and last ephemeral port (net.ipv4.ip_local_port_range). */
  readonly portRange: readonly [number, number];
  readonly unprivilegedPortStart: number;
  readonly defaultTtl: number;
}

export function newPathHeader(protocol: number): PathHeader {
  return {
    source: 0,
    protocol,
    ttl: 64,
    tos: 0,
    dontFragment: false,
    mayFragment: false,
    id: -1,
    mark: 0,
    cause: 0,
    confirm: false,
  };
}

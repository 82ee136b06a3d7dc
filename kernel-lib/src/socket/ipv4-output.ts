import type { Ipv4 } from "../base/addresses.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";
import type { TcpStatistics } from "./tcp/statistics.js";

/** What a socket may set on the IPv4 header it sends with. */
export interface SendOptions {
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly protocol: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly dontFragment?: boolean;
  /** Interface index that the socket is bound to (SO_BINDTODEVICE); 0 for any. */
  readonly boundIndex?: number;
  readonly mark?: number;
  /** Identification; chosen by the stack when absent. */
  readonly id?: number;
  /** The journey that made this packet necessary. */
  readonly cause?: number;
  /** The peer has just answered: its neighbour entry counts as confirmed (sk_dst_confirm). */
  readonly confirm?: boolean;
}

/** The network layer as sockets see it: implemented by the namespace. */
export interface Ipv4Output {
  readonly world: World;
  readonly machine: string;
  readonly label: string;
  /**
   * Sends a packet whose `start` is at the transport header: the IPv4 header is pushed, the packet routed and sent. The packet is the
   * callee's. Throws KernelError (ENETUNREACH, EMSGSIZE, EACCES …) where the real system call fails.
   */
  send(packet: Packet, options: SendOptions): void;
  /** The source address that a route to `destination` would use, or throws KernelError("ENETUNREACH"). */
  selectSource(destination: Ipv4, boundIndex?: number): Ipv4;
  /** The path MTU to `destination` (learned from "frag needed" or the route's device). */
  pathMtu(destination: Ipv4): number;
  /** Whether TCP may send packets of several segments to `destination`, to be cut later (sk_can_gso). */
  takesSuperPackets(destination: Ipv4): boolean;
  /** Whether `address` is one of this namespace (a route of type local). */
  isLocal(address: Ipv4): boolean;
  /** Values of sysctls by dotted name; sockets use Linux's defaults for those that are absent. */
  readonly sysctls?: { get(name: string): string | undefined };
  /** Where TCP counts what it does; absent, it keeps its own. */
  readonly counters?: { readonly tcp: TcpStatistics };
}

import type { Ipv4 } from "../base/addresses.js";
import type { Packet } from "../wire/packet.js";

/** A transport protocol as the network layer sees it. */
export interface TransportHandler {
  /** A packet for this namespace: its transport header is at `packet.transport`, its IPv4 header at `packet.network`. The handler owns it. */
  receive(packet: Packet, source: Ipv4, destination: Ipv4): void;
  /** An ICMP error about a packet of ours. `inner` is the quoted IPv4 packet; `mtu` is the next hop's, 0 when not told. */
  error(inner: Uint8Array, type: number, code: number, mtu: number): void;
}

import type { Ipv4 } from "../base/addresses.js";
import type { Packet } from "../wire/packet.js";

/** A transport protocol above IPv4 (struct net_protocol). */
export interface TransportHandler {
  /** Takes a packet: `packet.transport` is set, the IPv4 header is at `packet.network`. The packet is the handler's. */
  receive(packet: Packet, source: Ipv4, destination: Ipv4): void;
  /** An ICMP error about a packet that went out from here. `inner` is the quoted packet from its IPv4 header on; `mtu` of "frag needed", 0 otherwise. */
  error(inner: Uint8Array, type: number, code: number, mtu: number): void;
}

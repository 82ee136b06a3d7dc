import type { Ipv4 } from "../base/addresses.js";
import type { Packet } from "../wire/packet.js";

/** What `-m ipvs` asks of a packet's balanced connection. */
export interface Balanced {
  readonly virtual: Ipv4;
  readonly virtualPort: number;
  readonly method: "masq" | "route" | "tunnel";
  /** Port of the connection that leads this one; null for none. */
  readonly controlPort: number | null;
}

/** How IPVS answers it; null for a packet that belongs to no balanced connection. */
export type BalancedLookup = (packet: Packet) => Balanced | null;

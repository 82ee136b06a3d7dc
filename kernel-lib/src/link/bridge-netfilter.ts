import type { Packet } from "../wire/packet.js";
import type { Bridge } from "./bridge.js";
import type { BridgePort } from "./bridge-port.js";

export type BridgeVerdict = "accept" | "drop" | "stolen";

/**
 * The places of br_netfilter on a bridge's way: with net.bridge.bridge-nf-call-iptables, IPv4 frames that are bridged pass iptables too.
 * A bridge without one skips them at the price of a null check.
 */
export interface BridgeNetfilter {
  /** After a port took the frame in, before the FDB is asked. DNAT may change where it goes. */
  preRouting(bridge: Bridge, port: BridgePort, packet: Packet): BridgeVerdict;
  /** Before a flooded frame goes up to the host, too: its copies have left. */
  localIn(packet: Packet): BridgeVerdict;
  /** Between two ports. */
  forward(bridge: Bridge, input: BridgePort, output: BridgePort, packet: Packet): BridgeVerdict;
  /** Before a frame leaves by a port; `input` is null when the host sends it. */
  postRouting(bridge: Bridge, input: BridgePort | null, output: BridgePort, packet: Packet): BridgeVerdict;
}

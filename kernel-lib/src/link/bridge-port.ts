import type { Bridge } from "./bridge.js";
import type { Device } from "./device.js";

export type PortState = "disabled" | "listening" | "learning" | "forwarding" | "blocking";

/** A device enslaved to a bridge (net_bridge_port). */
export class BridgePort {
  state: PortState = "disabled";
  hairpin = false;
  learning = true;
  flood = true;
  multicastFlood = true;
  broadcastFlood = true;
  isolated = false;
  /** STP path cost: 2 for 10 Gbit/s (what a veth reports). */
  pathCost = 2;
  /** STP priority: 32 (of 0..63). */
  priority = 32;

  constructor(
    readonly bridge: Bridge,
    readonly device: Device,
    /** From 1, the lowest free. */
    readonly number: number,
  ) {}

  /** `8001`: priority and number, as brctl and sysfs show it. */
  get id(): number {
    return (this.priority << 10) | this.number;
  }
}

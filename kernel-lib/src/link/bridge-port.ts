import { isMulticastMac, MAC_BROADCAST, type Mac } from "../base/addresses.js";
import type { Packet } from "../wire/packet.js";
import type { Bridge } from "./bridge.js";
import type { Device, FrameHandler } from "./device.js";

export type PortState = "disabled" | "listening" | "learning" | "forwarding" | "blocking";

/** A device enslaved to a bridge (net_bridge_port). Frames that the device receives come here. */
export class BridgePort implements FrameHandler {
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

  private names: readonly string[] = [];

  constructor(
    readonly bridge: Bridge,
    readonly device: Device,
    /** From 1, the lowest free. */
    readonly number: number,
  ) {}

  /** 0x8001: priority and number, as brctl and sysfs show it. */
  get id(): number {
    return (this.priority << 10) | this.number;
  }

  /** The device's name as the only one of a list: what traces say of a frame that leaves by this port alone. */
  get nameList(): readonly string[] {
    if (this.names[0] !== this.device.name) this.names = [this.device.name];
    return this.names;
  }

  handleFrame(_device: Device, packet: Packet): void {
    this.bridge.input(this, packet);
  }

  portChanged(_device: Device): void {
    this.bridge.portChanged(this);
  }
}

/** Whether a flooded frame leaves by `port` (should_deliver and the port's flood flags). */
export function mayFlood(port: BridgePort, from: BridgePort | null, destination: Mac): boolean {
  if (port.state !== "forwarding") return false;
  if (port === from && !port.hairpin) return false;
  if (from?.isolated && port.isolated) return false;
  if (destination === MAC_BROADCAST) return port.broadcastFlood;
  return isMulticastMac(destination) ? port.multicastFlood : port.flood;
}

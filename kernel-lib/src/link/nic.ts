import type { Packet } from "../wire/packet.js";
import type { Cable } from "./cable.js";
import { Device } from "./device.js";

/** A physical network card: one end of a {@link Cable}. */
export class Nic extends Device {
  readonly kind = "nic";
  cable: Cable | null = null;

  get carrier(): boolean {
    return this.up && this.cable?.connected === true;
  }

  protected send(packet: Packet): void {
    this.drop(packet, "DEV_READY");
  }
}

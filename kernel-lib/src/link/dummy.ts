import type { Packet } from "../wire/packet.js";
import { Device } from "./device.js";

/** A device that swallows what it sends (drivers/net/dummy.c). */
export class Dummy extends Device {
  readonly kind = "dummy";

  get carrier(): boolean {
    return this.up;
  }

  protected send(packet: Packet): void {
    packet.release();
  }
}

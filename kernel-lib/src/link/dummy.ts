import type { Packet } from "../wire/packet.js";
import { Device } from "./device.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";

/** A device that swallows what it sends (drivers/net/dummy.c). */
export class Dummy extends Device {
  readonly kind = "dummy";
  readonly features = new Features(FEATURES_OF.dummy);

  get carrier(): boolean {
    return this.up;
  }

  protected send(packet: Packet): void {
    packet.release();
  }
}

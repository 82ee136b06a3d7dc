import type { Packet } from "../wire/packet.js";
import { Device, type Home } from "./device.js";

/** The loopback device `lo` of a namespace: what it sends, it receives. MTU 65536. */
export class Loopback extends Device {
  readonly kind = "loopback";
  override mtu = 65536;

  constructor(home: Home) {
    super(home, "lo", 0);
  }

  get carrier(): boolean {
    return this.up;
  }

  protected send(packet: Packet): void {
    this.drop(packet, "DEV_READY");
  }
}

import type { Mac } from "../base/addresses.js";
import type { Packet } from "../wire/packet.js";
import { Device, type Home } from "./device.js";

/** One end of a veth pair: what one end sends, the other receives. */
export class Veth extends Device {
  readonly kind = "veth";
  private peer: Veth | null = null;

  /** Makes both ends; neither is in its namespace's list yet. */
  static pair(home: Home, name: string, mac: Mac, peer: { home: Home; name: string; mac: Mac }): [Veth, Veth] {
    const a = new Veth(home, name, mac);
    const b = new Veth(peer.home, peer.name, peer.mac);
    a.peer = b;
    b.peer = a;
    return [a, b];
  }

  override get link(): Veth | null {
    return this.peer;
  }

  /** Up when both ends are set up (veth_open). */
  get carrier(): boolean {
    return this.up && this.peer?.up === true;
  }

  protected send(packet: Packet): void {
    this.drop(packet, "DEV_READY");
  }
}

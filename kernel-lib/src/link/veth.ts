import type { Mac } from "../base/addresses.js";
import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import { Device, type Home } from "./device.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";

/** One VLAN tag may ride on top of the MTU (is_skb_forwardable). */
export const VLAN_ALLOWANCE = 4;

/** One end of a veth pair: what one end sends, the other receives (drivers/net/veth.c). */
export class Veth extends Device {
  readonly kind = "veth";
  readonly features = new Features(FEATURES_OF.veth);
  private peer: Veth | null = null;

  /** Makes both ends; neither is in its namespace's list yet. */
  static pair(
    home: Home,
    name: string,
    mac: Mac,
    peer: { home: Home; name: string; mac: Mac },
  ): [Veth, Veth] {
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
    const { cpu, world } = this.home;
    packet.elapsed += world.costs.veth;
    cpu.leave(packet);
    packet.scrub();
    if (this.peer!.home !== this.home) packet.mark = 0;
    world.scheduler.at(world.scheduler.now + packet.elapsed, vethArrive, this.peer, packet);
  }

  /** Takes a frame from the peer; one that is larger than this end's MTU allows is dropped here, unless it is to be cut (__dev_forward_skb). */
  take(packet: Packet): void {
    if (packet.length > this.mtu + ETHERNET_LENGTH + VLAN_ALLOWANCE && packet.gsoSize === 0) {
      this.stats.rxDropped++;
      this.drop(packet, "PKT_TOO_BIG");
      return;
    }
    this.arriveFromLink(packet);
  }
}

function vethArrive(end: unknown, packet: unknown): void {
  (end as Veth).take(packet as Packet);
}

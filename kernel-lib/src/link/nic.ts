import type { Packet } from "../wire/packet.js";
import { Device } from "./device.js";

/** What joins two network cards: a cable, or a decorator around one. */
export interface Medium {
  readonly connected: boolean;
  /** Its two ends; null while nothing is plugged in. */
  readonly nics: readonly [Nic, Nic] | null;
  /** Takes a frame that `from` sends to the other end; the packet is the medium's from now on. */
  carry(from: Nic, packet: Packet): void;
}

/** A physical network card: one end of a cable. */
export class Nic extends Device {
  readonly kind = "nic";
  cable: Medium | null = null;

  get carrier(): boolean {
    return this.up && this.cable?.connected === true;
  }

  /** The other end of the cable gains or loses its carrier with it. */
  override setUp(up: boolean): void {
    super.setUp(up);
    for (const nic of this.cable?.nics ?? []) if (nic !== this) nic.refresh();
  }

  protected send(packet: Packet): void {
    const { cpu, world } = this.home;
    packet.elapsed += world.costs.nic;
    cpu.leave(packet);
    packet.scrub();
    packet.mark = 0;
    this.cable!.carry(this, packet);
  }

  /** A frame has come off the wire. */
  take(packet: Packet): void {
    this.home.cpu.enter(packet);
    packet.elapsed += this.home.world.costs.nic;
    if (this.gone) this.drop(packet, "DEV_READY");
    else this.arrive(packet);
  }
}

import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import { Device } from "./device.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";
import { type NicFault, spoilInnerChecksum } from "./nic-fault.js";
import { segment } from "./offload.js";

/** What joins two network cards: a cable. */
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
  readonly features = new Features(FEATURES_OF.nic);
  cable: Medium | null = null;
  /** What the card gets wrong. */
  readonly faults = new Set<NicFault>();

  get carrier(): boolean {
    return this.up && this.cable?.connected === true;
  }

  /** The other end of the cable gains or loses its carrier with it. */
  override setUp(up: boolean): void {
    super.setUp(up);
    for (const nic of this.cable?.nics ?? []) if (nic !== this) nic.refresh();
  }

  /** The card cuts super-packets itself, so that no frame on the wire is larger than a segment (TCP segmentation offload). */
  protected send(packet: Packet): void {
    const { cpu, world } = this.home;
    packet.elapsed += world.costs.nic;
    cpu.leave(packet);
    packet.scrub();
    packet.mark = 0;
    if (packet.gsoSize === 0) {
      this.sendFrame(packet);
      return;
    }
    const pieces = segment(world, packet, packet.start + ETHERNET_LENGTH);
    this.recordSegments(packet, pieces.length);
    packet.release();
    for (const piece of pieces) this.sendFrame(piece);
  }

  private sendFrame(packet: Packet): void {
    if (this.faults.size > 0 && this.features.txChecksum && packet.encapsulated) spoilInnerChecksum(packet);
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

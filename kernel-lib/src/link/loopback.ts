import { ETHERNET_LENGTH } from "../wire/ethernet.js";
import type { Packet } from "../wire/packet.js";
import { Device, type Home } from "./device.js";
import { FEATURES_OF } from "./feature-names.js";
import { Features } from "./features.js";

/** The loopback device `lo` of a namespace: what it sends, it receives. MTU 65536. */
export class Loopback extends Device {
  readonly kind = "loopback";
  readonly features = new Features(FEATURES_OF.loopback);
  override mtu = 65536;
  override multicast = false;

  constructor(home: Home) {
    super(home, "lo", 0);
    this.uncounted = this.uncountedSent = ETHERNET_LENGTH;
  }

  get carrier(): boolean {
    return this.up;
  }

  protected send(packet: Packet): void {
    const { cpu, world } = this.home;
    packet.elapsed += world.costs.loopback;
    cpu.leave(packet);
    world.scheduler.at(world.scheduler.now + packet.elapsed, loopbackArrive, this, packet);
  }

  take(packet: Packet): void {
    this.arriveFromLink(packet);
  }
}

function loopbackArrive(device: unknown, packet: unknown): void {
  (device as Loopback).take(packet as Packet);
}

import { ms, type Nanoseconds } from "../base/units.js";
import type { Random } from "../sim/random.js";
import type { Packet } from "../wire/packet.js";
import type { Cable } from "./cable.js";
import type { Medium, Nic } from "./nic.js";

/** Shares of frames, each 0 to 1. */
export interface Impairments {
  readonly loss?: number;
  readonly duplicate?: number;
  /** Held back for {@link reorderDelay}, so that later frames overtake them. */
  readonly reorder?: number;
  /** Default 1 ms. */
  readonly reorderDelay?: Nanoseconds;
  /** One bit of the frame is flipped. */
  readonly corrupt?: number;
}

/** A cable with faults: takes the place of the sound one at both network cards. Chance comes from the world's seed and the cable's name. */
export class ImpairedCable implements Medium {
  private readonly random: Random;

  constructor(
    readonly cable: Cable,
    public impairments: Impairments,
  ) {
    this.random = cable.world.random.fork(`impaired/${cable.name}`);
    for (const nic of cable.nics ?? []) nic.cable = this;
  }

  get connected(): boolean {
    return this.cable.connected;
  }

  get nics(): readonly [Nic, Nic] | null {
    return this.cable.nics;
  }

  /** Joins two cards by this cable. */
  connect(a: Nic, b: Nic): void {
    this.cable.connect(a, b);
    a.cable = this;
    b.cable = this;
  }

  /** Takes the faults away: the sound cable is back at both ends. */
  repair(): Cable {
    for (const nic of this.cable.nics ?? []) nic.cable = this.cable;
    return this.cable;
  }

  carry(from: Nic, packet: Packet): void {
    const { loss = 0, duplicate = 0, corrupt = 0, reorder = 0, reorderDelay = ms(1) } = this.impairments;
    if (this.hits(loss)) {
      from.drop(packet, "LINK_LOSS");
      return;
    }
    if (this.hits(duplicate)) {
      const copy = packet.clone();
      copy.branch = this.cable.world.nextBranch();
      this.cable.carry(from, copy);
    }
    if (this.hits(corrupt)) this.flipBit(packet);
    if (this.hits(reorder)) {
      this.cable.world.scheduler.after(
        packet.elapsed + reorderDelay,
        carryLate,
        { cable: this.cable, from },
        packet,
      );
      return;
    }
    this.cable.carry(from, packet);
  }

  /** Draws only for faults that are set, so that a share of 0 changes nothing. */
  private hits(share: number): boolean {
    return share > 0 && this.random.unit() < share;
  }

  private flipBit(packet: Packet): void {
    const bit = this.random.between(0, packet.length * 8 - 1);
    packet.bytes[packet.start + (bit >> 3)]! ^= 1 << (bit & 7);
  }
}

/** Makes a cable lose, repeat, reorder or damage frames. */
export function impaired(cable: Cable, impairments: Impairments): ImpairedCable {
  return new ImpairedCable(cable, impairments);
}

function carryLate(way: unknown, late: unknown): void {
  const { cable, from } = way as { cable: Cable; from: Nic };
  const packet = late as Packet;
  packet.elapsed = 0;
  if (cable.peerOf(from) === null) from.drop(packet, "DEV_READY");
  else cable.carry(from, packet);
}

import type { Ipv4, Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Device } from "../link/device.js";

/** States of a neighbour entry (include/uapi/linux/neighbour.h). */
export type NeighbourState = "NONE" | "INCOMPLETE" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "FAILED" | "NOARP" | "PERMANENT";

/** One entry of the ARP table (struct neighbour). */
export class Neighbour {
  state: NeighbourState = "NONE";
  mac: Mac | null = null;
  /** Last proof that it is reachable; used and updated: as `ip -s neigh` shows them, in virtual time. */
  confirmedAt: Nanoseconds = 0;
  usedAt: Nanoseconds = 0;
  updatedAt: Nanoseconds = 0;
  /** Requests sent since it was last confirmed. */
  probes = 0;

  constructor(
    readonly address: Ipv4,
    readonly device: Device,
  ) {}
}

/** The neighbour (ARP) table of a namespace. */
export class NeighbourTable {
  /** All entries, in order of creation. */
  list(_device?: Device): readonly Neighbour[] {
    return [];
  }

  find(_address: Ipv4, _device: Device): Neighbour | null {
    return null;
  }
}

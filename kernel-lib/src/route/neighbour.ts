import type { Ipv4, Mac } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Device } from "../link/device.js";
import { NO_TIMER, type TimerId } from "../sim/scheduler.js";
import type { Packet } from "../wire/packet.js";

/** States of a neighbour entry (include/uapi/linux/neighbour.h). */
export type NeighbourState =
  | "NONE"
  | "INCOMPLETE"
  | "REACHABLE"
  | "STALE"
  | "DELAY"
  | "PROBE"
  | "FAILED"
  | "NOARP"
  | "PERMANENT";

/** Its address may be used (NUD_VALID). */
export function isValid(state: NeighbourState): boolean {
  return state !== "NONE" && state !== "INCOMPLETE" && state !== "FAILED";
}

/** No question is open (NUD_CONNECTED). */
export function isConnected(state: NeighbourState): boolean {
  return state === "REACHABLE" || state === "PERMANENT" || state === "NOARP";
}

/** A timer runs in these (NUD_IN_TIMER). */
export function isTimed(state: NeighbourState): boolean {
  return state === "INCOMPLETE" || state === "REACHABLE" || state === "DELAY" || state === "PROBE";
}

/** One entry of the ARP table (struct neighbour). */
export class Neighbour {
  state: NeighbourState = "NONE";
  mac: Mac | null = null;
  /** Last proof that it is reachable; used and updated: as `ip -s neigh` shows them, in virtual time. */
  confirmedAt: Nanoseconds;
  usedAt: Nanoseconds;
  updatedAt: Nanoseconds;
  /** Requests sent since it was last confirmed; 3 is added while nothing is known, as the kernel counts. */
  probes = 0;
  /** Packets that wait for the answer, oldest first, and when each began to wait. */
  readonly queue: Packet[] = [];
  readonly queuedAt: Nanoseconds[] = [];
  timer: TimerId = NO_TIMER;
  /** Taken out of the table: who still holds it looks it up again. */
  dead = false;

  constructor(
    readonly address: Ipv4,
    readonly device: Device,
    now: Nanoseconds,
  ) {
    this.confirmedAt = now;
    this.usedAt = now;
    this.updatedAt = now;
  }
}

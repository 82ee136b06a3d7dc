import type { Ipv4 } from "../base/addresses.js";
import { type Nanoseconds, seconds } from "../base/units.js";
import type { Scheduler } from "../sim/scheduler.js";

/** How long a learned path MTU holds (net.ipv4.route.mtu_expires, 600 s). */
export const MTU_EXPIRES = seconds(600);
/** net.ipv4.route.min_pmtu: smaller ones are not believed. */
export const MIN_PATH_MTU = 552;

interface Learned {
  readonly mtu: number;
  readonly expiresAt: Nanoseconds;
}

/** Path MTUs learned from "fragmentation needed" (fnhe_pmtu). */
export class PathMtus {
  private readonly byDestination = new Map<Ipv4, Learned>();

  constructor(private readonly scheduler: Scheduler) {}

  get(destination: Ipv4): Learned | undefined {
    if (this.byDestination.size === 0) return undefined;
    const learned = this.byDestination.get(destination);
    if (learned === undefined || learned.expiresAt > this.scheduler.now) return learned;
    this.byDestination.delete(destination);
    return undefined;
  }

  /** Takes a smaller MTU than the present one. False when it changes nothing. */
  learn(destination: Ipv4, mtu: number, present: number): boolean {
    const believed = Math.max(mtu, MIN_PATH_MTU);
    if (mtu < 68 || believed > present) return false;
    this.byDestination.set(destination, { mtu: believed, expiresAt: this.scheduler.now + MTU_EXPIRES });
    return true;
  }

  /** `ip route flush cache`. */
  clear(): void {
    this.byDestination.clear();
  }
}

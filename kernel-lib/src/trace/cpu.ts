import type { Nanoseconds } from "../base/units.js";
import type { Scheduler } from "../sim/scheduler.js";
import type { Packet } from "../wire/packet.js";

/**
 * A machine's processor as a queue: work that comes while it is busy waits its turn, so load makes latency grow. Packet handling is one
 * event; the packet carries its own elapsed time through it, and the processor is busy until the last one is through.
 */
export class Cpu {
  private busyUntil: Nanoseconds = 0;

  constructor(private readonly scheduler: Scheduler) {}

  /** Starts a packet's time on this machine: it waits for what came before it. */
  enter(packet: Packet): void {
    const wait = this.busyUntil - this.scheduler.now;
    packet.elapsed = Math.max(wait, 0);
  }

  /** Ends it: the processor was busy until the packet's own time. */
  leave(packet: Packet): void {
    const done = this.scheduler.now + packet.elapsed;
    if (done > this.busyUntil) this.busyUntil = done;
  }
}

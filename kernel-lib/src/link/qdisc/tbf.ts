import type { Nanoseconds } from "../../base/units.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import { ETHERNET_LENGTH } from "../../wire/ethernet.js";
import type { Packet } from "../../wire/packet.js";
import type { Device } from "../device.js";
import { segment } from "../offload.js";
import { lengthOnWire, Qdisc } from "./qdisc.js";

/** How a token bucket is set (tc_tbf_qopt). */
export interface TbfConfig {
  /** Bytes a second. */
  readonly rate: number;
  /** Time that the rate needs for a full bucket: what may go out at once. */
  readonly buffer: Nanoseconds;
  /** Bytes that may wait. */
  readonly limit: number;
}

/** Token bucket filter (sch_tbf): frames wait until the bucket, which fills at the rate, holds enough for them. */
export class Tbf extends Qdisc {
  readonly kind = "tbf";
  private readonly waiting: Packet[] = [];
  private tokens: Nanoseconds;
  private filledAt: Nanoseconds;
  private timer: TimerId = NO_TIMER;

  constructor(
    device: Device,
    handle: number,
    private settings: TbfConfig,
  ) {
    super(device, handle);
    this.tokens = settings.buffer;
    this.filledAt = device.home.world.scheduler.now;
  }

  get config(): TbfConfig {
    return this.settings;
  }

  /** A changed bucket is full at first (tbf_change). */
  set config(config: TbfConfig) {
    this.settings = config;
    this.tokens = config.buffer;
    this.filledAt = this.device.home.world.scheduler.now;
    this.send();
  }

  enqueue(packet: Packet): void {
    const { world } = this.device.home;
    if (this.time(lengthOnWire(packet)) <= this.settings.buffer) this.take(packet);
    else if (packet.gsoSize === 0) this.drop(packet);
    else {
      const pieces = segment(world, packet, packet.start + ETHERNET_LENGTH);
      const { elapsed } = packet;
      packet.release();
      for (const piece of pieces) {
        piece.elapsed = elapsed;
        if (this.time(piece.length) <= this.settings.buffer) this.take(piece);
        else this.drop(piece);
      }
    }
    this.send();
  }

  reset(): void {
    this.device.home.world.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
    this.tokens = this.settings.buffer;
    for (const packet of this.waiting.splice(0)) {
      this.unkeep(packet);
      this.device.drop(packet, "QDISC_DROP");
    }
  }

  private take(packet: Packet): void {
    if (this.backlogBytes + lengthOnWire(packet) > this.settings.limit) {
      this.drop(packet);
      return;
    }
    this.keep(packet);
    this.waiting.push(packet);
  }

  /** Sends what the tokens allow, and wakes up when they allow the next (tbf_dequeue). */
  private send(): void {
    const { scheduler } = this.device.home.world;
    while (this.waiting.length > 0) {
      const cost = this.time(lengthOnWire(this.waiting[0]!));
      const filled = Math.min(this.settings.buffer, this.tokens + scheduler.now - this.filledAt);
      if (filled < cost) {
        this.stats.overlimits++;
        scheduler.cancel(this.timer);
        this.timer = scheduler.after(cost - filled, sendAllowed, this);
        return;
      }
      this.tokens = filled - cost;
      this.filledAt = scheduler.now;
      this.release(this.waiting.shift()!);
    }
  }

  /** Used by the timer. @internal */
  sendAllowed(): void {
    this.timer = NO_TIMER;
    this.send();
  }

  /** Time that the rate needs for so many bytes (psched_l2t_ns). */
  private time(bytes: number): Nanoseconds {
    return Math.floor((bytes * 1e9) / this.settings.rate);
  }
}

function sendAllowed(tbf: unknown): void {
  (tbf as Tbf).sendAllowed();
}

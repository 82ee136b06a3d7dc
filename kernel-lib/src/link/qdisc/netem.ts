import type { Nanoseconds } from "../../base/units.js";
import type { Random } from "../../sim/random.js";
import { NO_TIMER, type TimerId } from "../../sim/scheduler.js";
import type { Packet } from "../../wire/packet.js";
import type { Device } from "../device.js";
import { lengthOnWire, Qdisc } from "./qdisc.js";

/** A chance that may depend on the one before it: shares 0 to 1. */
export interface Chance {
  readonly share: number;
  readonly correlation: number;
}

/** What netem does to the frames that a device sends (tc_netem_qopt). */
export interface NetemConfig {
  /** Frames that may wait. */
  readonly limit: number;
  readonly delay: Nanoseconds;
  /** The delay is even between `delay` less this and `delay` plus this. */
  readonly jitter: Nanoseconds;
  readonly delayCorrelation: number;
  readonly loss: Chance;
  readonly duplicate: Chance;
  readonly corrupt: Chance;
  /** Share of frames that are sent at once; of the others, with `gap` N, each Nth may be. */
  readonly reorder: Chance;
  readonly gap: number;
  /** Bytes a second; 0 for no limit. */
  readonly rate: number;
  readonly packetOverhead: number;
  readonly cellSize: number;
  readonly cellOverhead: number;
}

interface Waiting {
  readonly packet: Packet;
  readonly sendAt: Nanoseconds;
}

/** Draws numbers that follow each other as much as the correlation says (get_crandom). */
class Correlated {
  private last = 0;

  constructor(private readonly random: Random) {}

  next(correlation: number): number {
    const value = this.random.unit();
    if (correlation === 0) return value;
    this.last = value * (1 - correlation) + this.last * correlation;
    return this.last;
  }
}

/**
 * Network emulation (sch_netem): delays, loses, repeats, damages and slows down what a device sends. Frames leave by their time, so a frame
 * with a shorter delay overtakes, unlike on a cable of the lab.
 */
export class Netem extends Qdisc {
  readonly kind = "netem";
  /** By the time of sending; equal times in the order in which they came. */
  private readonly waiting: Waiting[] = [];
  private readonly chances: Readonly<
    Record<"loss" | "duplicate" | "corrupt" | "reorder" | "delay", Correlated>
  >;
  private readonly random: Random;
  private timer: TimerId = NO_TIMER;
  private counter = 0;

  constructor(
    device: Device,
    handle: number,
    public config: NetemConfig,
  ) {
    super(device, handle);
    const { home } = device;
    this.random = home.world.random.fork(`netem/${home.machine}/${home.label}/${device.name}/${handle}`);
    const stream = (name: string) => new Correlated(this.random.fork(name));
    this.chances = {
      loss: stream("loss"),
      duplicate: stream("duplicate"),
      corrupt: stream("corrupt"),
      reorder: stream("reorder"),
      delay: stream("delay"),
    };
  }

  enqueue(packet: Packet): void {
    const { loss, duplicate, corrupt } = this.config;
    const copies = 1 + (this.hits("duplicate", duplicate) ? 1 : 0) - (this.hits("loss", loss) ? 1 : 0);
    if (copies === 0) {
      this.drop(packet, "QDISC_DROP");
      return;
    }
    if (copies === 2) {
      const copy = packet.clone();
      copy.branch = this.device.home.world.nextBranch();
      this.wait(copy);
    }
    if (this.hits("corrupt", corrupt)) {
      const bit = this.random.between(0, packet.length * 8 - 1);
      packet.bytes[packet.start + (bit >> 3)]! ^= 1 << (bit & 7);
    }
    this.wait(packet);
  }

  reset(): void {
    this.device.home.world.scheduler.cancel(this.timer);
    this.timer = NO_TIMER;
    for (const { packet } of this.waiting.splice(0)) {
      this.unkeep(packet);
      this.device.drop(packet, "QDISC_DROP");
    }
  }

  private wait(packet: Packet): void {
    const { limit, reorder, gap } = this.config;
    if (this.waiting.length >= limit) {
      this.drop(packet);
      return;
    }
    const now = this.device.home.world.scheduler.now + packet.elapsed;
    const late = gap === 0 || this.counter < gap - 1 || !this.hits("reorder", reorder);
    this.keep(packet);
    if (late) {
      this.counter++;
      this.insert({ packet, sendAt: this.sendTime(packet, now) });
    } else {
      this.counter = 0;
      this.stats.requeues++;
      this.waiting.unshift({ packet, sendAt: now });
    }
    this.watch();
  }

  /** When the frame goes: the delay after now; with a rate, no earlier than the wire is free of the frame before it. */
  private sendTime(packet: Packet, now: Nanoseconds): Nanoseconds {
    const { delay, jitter, delayCorrelation, rate } = this.config;
    const spread =
      jitter === 0 ? 0 : Math.round((2 * this.chances.delay.next(delayCorrelation) - 1) * jitter);
    const own = Math.max(0, delay + spread);
    if (rate === 0) return now + own;
    const before = this.waiting.at(-1)?.sendAt ?? now;
    const start = Math.max(before, now);
    return start + Math.max(0, own - (start - now)) + this.serialisation(packet);
  }

  private serialisation(packet: Packet): Nanoseconds {
    const { rate, packetOverhead, cellSize, cellOverhead } = this.config;
    const length = lengthOnWire(packet) + packetOverhead;
    const bytes = cellSize === 0 ? length : Math.ceil(length / cellSize) * (cellSize + cellOverhead);
    return Math.floor((bytes * 1e9) / rate);
  }

  private insert(frame: Waiting): void {
    let at = this.waiting.length;
    while (at > 0 && this.waiting[at - 1]!.sendAt > frame.sendAt) at--;
    this.waiting.splice(at, 0, frame);
  }

  /** Wakes up when the first frame is due. */
  private watch(): void {
    const { scheduler } = this.device.home.world;
    scheduler.cancel(this.timer);
    const first = this.waiting[0];
    this.timer = first === undefined ? NO_TIMER : scheduler.at(first.sendAt, sendDue, this);
  }

  /** Used by the timer. @internal */
  sendDue(): void {
    const { scheduler } = this.device.home.world;
    this.timer = NO_TIMER;
    while (this.waiting.length > 0 && this.waiting[0]!.sendAt <= scheduler.now)
      this.release(this.waiting.shift()!.packet);
    this.watch();
  }

  private hits(name: "loss" | "duplicate" | "corrupt" | "reorder", { share, correlation }: Chance): boolean {
    return share > 0 && this.chances[name].next(correlation) < share;
  }
}

function sendDue(netem: unknown): void {
  (netem as Netem).sendDue();
}

import { invariant } from "../base/assert.js";
import { type Nanoseconds, us } from "../base/units.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";
import type { Medium, Nic } from "./nic.js";

export interface CableOptions {
  /** Propagation, one way. Default 5 µs (a kilometre of fibre, or a switch in between). */
  readonly delay?: Nanoseconds;
  /** Default 10 Gbit/s; 0 for no limit. */
  readonly rateBitsPerSecond?: number;
  /** Frames that may wait for the wire at each end (txqueuelen). Default 1000. */
  readonly queuePackets?: number;
}

/** Preamble, frame check sequence and gap between frames: on the wire, in no frame that a machine sees (IEEE 802.3). */
const WIRE_OVERHEAD_BYTES = 24;

/** One direction of a cable: when its wire is free, and when each waiting frame starts on it. */
class Lane {
  freeAt: Nanoseconds = 0;
  private starts: number[] = [];
  private first = 0;

  /** Number of frames that have not begun by `now`. */
  waiting(now: Nanoseconds): number {
    while (this.first < this.starts.length && this.starts[this.first]! <= now) this.first++;
    if (this.first === this.starts.length) {
      this.starts.length = 0;
      this.first = 0;
    }
    return this.starts.length - this.first;
  }

  queue(start: Nanoseconds): void {
    this.starts.push(start);
  }
}

/** A full-duplex cable between two network cards. Its figures may change while frames are under way. */
export class Cable implements Medium {
  delay: Nanoseconds;
  rateBitsPerSecond: number;
  queuePackets: number;
  private ends: readonly [Nic, Nic] | null = null;
  private readonly lanes = [new Lane(), new Lane()] as const;

  constructor(
    readonly world: World,
    readonly name: string,
    options: CableOptions = {},
  ) {
    this.delay = options.delay ?? us(5);
    this.rateBitsPerSecond = options.rateBitsPerSecond ?? 10e9;
    this.queuePackets = options.queuePackets ?? 1000;
  }

  get connected(): boolean {
    return this.ends?.[0].up === true && this.ends[1].up;
  }

  /** The two cards, once connected. */
  get nics(): readonly [Nic, Nic] | null {
    return this.ends;
  }

  connect(a: Nic, b: Nic): void {
    invariant(this.ends === null, `cable ${this.name} is connected already`);
    this.ends = [a, b];
    a.cable = this;
    b.cable = this;
    a.refresh();
    b.refresh();
  }

  /** Pulls the plug: both ends lose their carrier. Frames on the wire still arrive. */
  disconnect(): void {
    const ends = this.ends;
    this.ends = null;
    for (const nic of ends ?? []) {
      nic.cable = null;
      nic.refresh();
    }
  }

  /** The other end's card. */
  peerOf(nic: Nic): Nic | null {
    if (this.ends === null) return null;
    return this.ends[0] === nic ? this.ends[1] : this.ends[0];
  }

  carry(from: Nic, packet: Packet): void {
    const { scheduler } = this.world;
    const peer = this.peerOf(from);
    invariant(peer !== null, `a frame on the loose cable ${this.name}`);
    const lane = this.lanes[this.ends![0] === from ? 0 : 1];
    if (this.queuePackets > 0 && lane.waiting(scheduler.now) >= this.queuePackets) {
      from.stats.txDropped++;
      from.drop(packet, "QDISC_DROP");
      return;
    }
    const ready = scheduler.now + packet.elapsed;
    const start = Math.max(ready, lane.freeAt);
    const bits = (packet.length + WIRE_OVERHEAD_BYTES) * 8;
    const serialisation =
      this.rateBitsPerSecond === 0 ? 0 : Math.round((bits * 1e9) / this.rateBitsPerSecond);
    lane.freeAt = start + serialisation;
    if (start > scheduler.now) lane.queue(start);
    if (this.world.recorder !== null) this.record(from, packet, start - ready, serialisation);
    packet.elapsed = 0;
    scheduler.at(start + serialisation + this.delay, arriveOverCable, peer, packet);
  }

  private record(from: Nic, packet: Packet, queued: Nanoseconds, serialisation: Nanoseconds): void {
    if (packet.journey === 0) return;
    this.world.recorder?.record({
      kind: "cable",
      journey: packet.journey,
      branch: packet.branch,
      at: this.world.scheduler.now + packet.elapsed,
      machine: from.home.machine,
      netns: from.home.label,
      cable: this.name,
      queued,
      serialisation,
      propagation: this.delay,
    });
  }
}

function arriveOverCable(nic: unknown, packet: unknown): void {
  (nic as Nic).take(packet as Packet);
}

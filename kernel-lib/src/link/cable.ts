import { invariant } from "../base/assert.js";
import type { Nanoseconds } from "../base/units.js";
import type { Random } from "../sim/random.js";
import type { World } from "../trace/world.js";
import type { Packet } from "../wire/packet.js";
import { type CableFigures, checkCableFigures, SOUND_CABLE } from "./cable-figures.js";
import { CableLane, type FrameFate, type WaitingFrame } from "./cable-lane.js";
import type { Medium, Nic } from "./nic.js";

/** Preamble, frame check sequence and gap between frames: on the wire, in no frame that a machine sees (IEEE 802.3). */
const WIRE_OVERHEAD_BYTES = 24;

/**
 * A full-duplex cable between two network cards. Each direction has its own figures, which may change while frames are under way, as on a real link: a
 * frame whose first bit is on the wire ends as it began; frames that still wait go at the new rate; and no frame comes out before one that went
 * in earlier, however much shorter the delay has become (only `reorder` lets frames overtake).
 */
export class Cable implements Medium {
  private ends: readonly [Nic, Nic] | null = null;
  private readonly lanes: readonly [CableLane, CableLane];
  /** Chance comes from the world's seed and the cable's name. */
  private readonly random: Random;

  constructor(
    readonly world: World,
    readonly name: string,
    figures: Partial<CableFigures> = {},
  ) {
    checkCableFigures({ ...figures }, name);
    const whole = { ...SOUND_CABLE, ...figures };
    this.lanes = [new CableLane(whole), new CableLane(whole)];
    this.random = world.random.fork(`cable/${name}`);
  }

  get connected(): boolean {
    return this.ends?.[0].up === true && this.ends[1].up;
  }

  /** The two cards, once connected. */
  get nics(): readonly [Nic, Nic] | null {
    return this.ends;
  }

  /** What holds for frames that the first card sends (0), or the second (1). */
  figures(way: 0 | 1): CableFigures {
    return this.lanes[way].figures;
  }

  /** Changes figures of one direction, or of both. Throws a RangeError, and changes nothing, for a value that no cable can have. */
  set(figures: Partial<CableFigures>, way: 0 | 1 | "both" = "both"): void {
    checkCableFigures({ ...figures }, this.name);
    for (const [i, lane] of this.lanes.entries()) if (way === "both" || way === i) this.change(lane, figures);
  }

  connect(a: Nic, b: Nic): void {
    invariant(this.ends === null, `cable ${this.name} is connected already`);
    this.ends = [a, b];
    this.lanes[0].to = b;
    this.lanes[1].to = a;
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

  carry(from: Nic, packet: Packet): void {
    const { ends } = this;
    invariant(ends !== null, `a frame on the loose cable ${this.name}`);
    const lane = this.lanes[ends[0] === from ? 0 : 1];
    if (lane.faulty) this.carryFaulty(lane, from, packet);
    else this.send(lane, from, packet, "sound");
  }

  /** Draws only for faults that are set, so that a share of 0 changes nothing. */
  private carryFaulty(lane: CableLane, from: Nic, packet: Packet): void {
    const { loss, duplicate, corrupt, reorder } = lane.figures;
    if (this.hits(loss)) {
      this.send(lane, from, packet, "lost");
      return;
    }
    if (this.hits(duplicate)) {
      const copy = packet.clone();
      copy.branch = this.world.nextBranch();
      this.send(lane, from, copy, "sound");
    }
    if (this.hits(corrupt)) this.flipBit(packet);
    this.send(lane, from, packet, this.hits(reorder) ? "late" : "sound");
  }

  /** Puts a frame into its direction's queue; what the wire does to it is decided already. A full queue drops it. */
  private send(lane: CableLane, from: Nic, packet: Packet, fate: FrameFate): void {
    const { scheduler } = this.world;
    if (lane.waiting(scheduler.now) >= lane.figures.queue) {
      from.stats.txDropped++;
      from.drop(packet, "QDISC_DROP");
      return;
    }
    const frame = lane.queue();
    frame.ready = scheduler.now + packet.elapsed;
    frame.bits = (packet.length + WIRE_OVERHEAD_BYTES) * 8;
    frame.fate = fate;
    frame.packet = packet;
    const serialisation = lane.place(frame);
    if (this.world.recorder !== null) this.record(from, packet, frame, serialisation, lane.figures.delay);
    if (fate === "lost") {
      frame.packet = null;
      packet.elapsed = lane.freeAt - scheduler.now;
      from.drop(packet, "LINK_LOSS");
      return;
    }
    packet.elapsed = 0;
    frame.timer = scheduler.at(frame.arrival, arriveOverCable, lane.to, packet);
  }

  /** New figures for one direction: what still waits is laid out anew. A trace that runs keeps the times of when a frame was handed over. */
  private change(lane: CableLane, figures: Partial<CableFigures>): void {
    const { scheduler } = this.world;
    const waiting = lane.takeWaiting(scheduler.now);
    lane.figures = { ...lane.figures, ...figures };
    for (const { ready, bits, fate, packet, timer } of waiting) {
      const frame = lane.queue();
      Object.assign(frame, { ready, bits, fate, packet });
      lane.place(frame);
      if (packet === null) continue;
      scheduler.cancel(timer);
      frame.timer = scheduler.at(frame.arrival, arriveOverCable, lane.to, packet);
    }
  }

  private hits(share: number): boolean {
    return share > 0 && this.random.unit() < share;
  }

  private flipBit(packet: Packet): void {
    const bit = this.random.between(0, packet.length * 8 - 1);
    packet.bytes[packet.start + (bit >> 3)]! ^= 1 << (bit & 7);
    packet.doubt();
  }

  private record(
    from: Nic,
    packet: Packet,
    { start, ready }: WaitingFrame,
    serialisation: Nanoseconds,
    propagation: Nanoseconds,
  ): void {
    if (packet.journey === 0) return;
    this.world.recorder?.record({
      kind: "cable",
      journey: packet.journey,
      branch: packet.branch,
      at: ready,
      machine: from.home.machine,
      netns: from.home.label,
      cable: this.name,
      queued: start - ready,
      serialisation,
      propagation,
    });
  }
}

function arriveOverCable(nic: unknown, packet: unknown): void {
  (nic as Nic).take(packet as Packet);
}

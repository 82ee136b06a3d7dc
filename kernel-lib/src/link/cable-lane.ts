import type { Nanoseconds } from "../base/units.js";
import { NO_TIMER, type TimerId } from "../sim/scheduler.js";
import type { Packet } from "../wire/packet.js";
import type { CableFigures } from "./cable-figures.js";
import type { Nic } from "./nic.js";

/** What chance has decided for a frame before it is on the wire. */
export type FrameFate = "sound" | "late" | "lost";

/** A frame that has not begun on the wire. The objects are used again and again: one frame after the other allocates nothing. */
export class WaitingFrame {
  /** When it was handed over, when its first bit goes out, and when all of it is at the other end. */
  ready: Nanoseconds = 0;
  start: Nanoseconds = 0;
  arrival: Nanoseconds = 0;
  bits = 0;
  fate: FrameFate = "sound";
  /** Null for a lost one: nothing arrives. */
  packet: Packet | null = null;
  timer: TimerId = NO_TIMER;
  /** The lane's {@link CableLane.lastArrival} before it. */
  arrivalBefore: Nanoseconds = 0;
}

/** One direction of a cable: its figures, when its wire is free, and the frames that wait for it. */
export class CableLane {
  freeAt: Nanoseconds = 0;
  /** No frame comes out before this, but a late one. */
  lastArrival: Nanoseconds = 0;
  /** Some frames meet with a fault. */
  faulty = false;
  /** The card at its end. */
  to: Nic | null = null;
  private ring: WaitingFrame[] = Array.from({ length: 4 }, () => new WaitingFrame());
  private first = 0;
  private count = 0;

  constructor(private now: CableFigures) {
    this.figures = now;
  }

  get figures(): CableFigures {
    return this.now;
  }

  set figures(figures: CableFigures) {
    this.now = figures;
    const { loss, duplicate, reorder, corrupt } = figures;
    this.faulty = loss + duplicate + reorder + corrupt > 0;
  }

  /** Number of frames that have not begun by `now`. */
  waiting(now: Nanoseconds): number {
    const mask = this.ring.length - 1;
    while (this.count > 0 && this.ring[this.first]!.start <= now) {
      this.ring[this.first]!.packet = null;
      this.first = (this.first + 1) & mask;
      this.count--;
    }
    return this.count;
  }

  /** A place at the end of the queue, to be filled in. */
  queue(): WaitingFrame {
    if (this.count === this.ring.length) this.grow();
    return this.ring[(this.first + this.count++) & (this.ring.length - 1)]!;
  }

  /** Sets a queued frame's times by what went before it; gives how long the wire is busy with it. */
  place(frame: WaitingFrame): Nanoseconds {
    const { rate, delay, reorderDelay } = this.now;
    const serialisation = Math.round((frame.bits * 1e9) / rate);
    frame.start = frame.ready > this.freeAt ? frame.ready : this.freeAt;
    frame.arrivalBefore = this.lastArrival;
    this.freeAt = frame.start + serialisation;
    frame.arrival = this.freeAt + delay;
    if (frame.fate === "late") frame.arrival += reorderDelay;
    else if (frame.arrival < this.lastArrival) frame.arrival = this.lastArrival;
    if (frame.fate === "sound") this.lastArrival = frame.arrival;
    return serialisation;
  }

  /** Empties the queue and gives what waited in it, the first to go at the front. The wire is free, and in order, as before the first of them. */
  takeWaiting(now: Nanoseconds): WaitingFrame[] {
    const mask = this.ring.length - 1;
    const frames = Array.from({ length: this.waiting(now) }, (_, i) => this.ring[(this.first + i) & mask]!);
    const next = frames[0];
    if (next === undefined) return [];
    this.freeAt = next.start;
    this.lastArrival = next.arrivalBefore;
    this.ring = Array.from({ length: this.ring.length }, () => new WaitingFrame());
    this.count = 0;
    return frames;
  }

  private grow(): void {
    const mask = this.ring.length - 1;
    const frames = this.ring.map((_, i) => this.ring[(this.first + i) & mask]!);
    this.ring = [...frames, ...Array.from(frames, () => new WaitingFrame())];
    this.first = 0;
  }
}

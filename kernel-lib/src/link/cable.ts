import type { Nanoseconds } from "../base/units.js";
import type { World } from "../trace/world.js";
import type { Nic } from "./nic.js";

export interface CableOptions {
  /** Propagation, one way. Default 5 µs (a kilometre of fibre, or a switch in between). */
  readonly delay?: Nanoseconds;
  /** Default 10 Gbit/s; 0 for no limit. */
  readonly rateBitsPerSecond?: number;
  /** Frames that may wait for the wire at each end (txqueuelen). Default 1000. */
  readonly queuePackets?: number;
}

/** A full-duplex cable between two network cards. Its figures may change while frames are under way. */
export class Cable {
  delay: Nanoseconds;
  rateBitsPerSecond: number;
  queuePackets: number;
  private ends: readonly [Nic, Nic] | null = null;

  constructor(
    readonly world: World,
    readonly name: string,
    options: CableOptions = {},
  ) {
    this.delay = options.delay ?? 5000;
    this.rateBitsPerSecond = options.rateBitsPerSecond ?? 10e9;
    this.queuePackets = options.queuePackets ?? 1000;
  }

  get connected(): boolean {
    return this.ends !== null;
  }

  connect(a: Nic, b: Nic): void {
    this.ends = [a, b];
    a.cable = this;
    b.cable = this;
  }
}

import { AsyncWork } from "../sim/async-work.js";
import { type CostModel, DEFAULT_COSTS } from "../sim/cost.js";
import { Random } from "../sim/random.js";
import { Scheduler } from "../sim/scheduler.js";
import { PacketPool } from "../wire/packet.js";
import type { Recorder } from "./recorder.js";

/** Seconds since the Unix epoch at which every lab's clock starts: 2026-11-21 03:12:00 UTC. */
export const LAB_EPOCH_SECONDS = 1795230720;

/** What all machines of one lab share: clock, chance, costs, buffers and the trace. Two labs share nothing. */
export class World {
  readonly scheduler = new Scheduler();
  readonly packets = new PacketPool();
  /** Shells that run beside the clock. */
  readonly asyncWork = new AsyncWork();
  readonly random: Random;
  /** Not null while a trace is on: the one thing that the hot path asks. */
  recorder: Recorder | null = null;
  /**
   * Texts of the programs that `node` may run; null: any. A grader who does again what a student's journal says sets it, so that no text of the student's
   * becomes JavaScript there.
   */
  trustedPrograms: ReadonlySet<string> | null = null;
  private journeys = 0;
  private branches = 0;

  constructor(
    readonly seed: number,
    readonly costs: CostModel = DEFAULT_COSTS,
  ) {
    this.random = new Random(seed);
  }

  /** The number of a new journey. Counted whether traced or not, so that tracing changes nothing else. */
  nextJourney(): number {
    return ++this.journeys;
  }

  /** The number of a new copy of a frame (a flood's second port and on, a duplicate). */
  nextBranch(): number {
    return ++this.branches;
  }
}

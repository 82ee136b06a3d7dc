import { ms, type Nanoseconds, seconds } from "../../base/units.js";
import type { Process, Steps } from "../../host/process.js";
import { until } from "../../host/waits.js";
import type { WaitQueue } from "../../sim/wait-queue.js";
import type { Control } from "./control.js";
import type { Flow } from "./flow.js";
import { IntervalReport, type ReportShape } from "./report.js";

/** When the sending end of a test has done enough; 0 for no such limit. */
export interface TestLimits {
  readonly time: number;
  readonly bytes: number;
  readonly blocks: number;
  readonly length: number;
}

export interface TestPlan {
  readonly process: Process;
  readonly control: Control;
  readonly flows: readonly Flow[];
  readonly shape: ReportShape;
  /** Bits a second of each stream; 0 for as many as will go. */
  readonly rate: number;
  /** Seconds between two lines; 0 for one line at the end. */
  readonly interval: number;
  /** Null at the server, which goes on until it is told. */
  readonly limits: TestLimits | null;
  /** Other clients that come meanwhile, and what is done with them. */
  readonly others?: { readonly wait: WaitQueue; turnAway(): void };
}

/** How often a stream with a rate looks whether it may send (the pacing timer of iperf3). */
const PACING: Nanoseconds = ms(1);

/** The part of a test in which data flows, at one end. */
export class TestRun {
  private readonly report: IntervalReport;
  private readonly started: Nanoseconds;
  private nextReport: Nanoseconds;
  /** Whoever is asked to end by a signal. */
  interrupted = false;

  constructor(private readonly plan: TestPlan) {
    const { process, shape, flows, interval } = plan;
    this.report = new IntervalReport((text) => process.stdout.write(text), shape, flows);
    this.started = this.now;
    this.nextReport = interval === 0 ? Number.POSITIVE_INFINITY : this.started + seconds(interval);
  }

  private get now(): Nanoseconds {
    return this.plan.process.host.world.scheduler.now;
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return (this.now - this.started) / 1e9;
  }

  /** Lets data flow until the limit is reached, a signal comes or the other end says something: gives what it said, null otherwise. */
  *run(): Steps<number | null> {
    const { flows, control, limits, interval, others } = this.plan;
    const end =
      limits === null || limits.time === 0 ? Number.POSITIVE_INFINITY : this.started + seconds(limits.time);
    let said: number | null = null;
    for (;;) {
      this.move();
      for (; this.now >= this.nextReport; this.nextReport += seconds(interval))
        this.report.interval((this.nextReport - this.started) / 1e9);
      said = control.peekState();
      if (said !== null || this.interrupted || this.now >= end || this.hasSentAll()) break;
      const tick = this.plan.shape.sends && this.plan.rate > 0 ? this.now + PACING : end;
      others?.turnAway();
      const queues = [control.socket.wait, ...flows.map(({ wait }) => wait)];
      if (others !== undefined) queues.push(others.wait);
      const deadline = Math.min(tick, this.nextReport, end);
      yield* until(queues, deadline === Number.POSITIVE_INFINITY ? null : deadline);
    }
    this.report.lastInterval(this.elapsed, interval === 0 ? 0 : interval);
    return said;
  }

  private move(): void {
    const { flows, shape } = this.plan;
    if (!shape.sends) for (const flow of flows) flow.receive(this.now);
    else {
      let moved = true;
      while (moved) {
        moved = false;
        for (const flow of flows) if (this.maySend(flow) && flow.send(this.now)) moved = true;
      }
    }
  }

  private maySend({ counters }: Flow): boolean {
    if (this.hasSentAll()) return false;
    const { rate } = this.plan;
    return rate === 0 || counters.bytes === 0 || counters.bytes * 8 < rate * this.elapsed;
  }

  private hasSentAll(): boolean {
    const { limits, flows } = this.plan;
    if (limits === null) return false;
    const bytes = flows.reduce((all, { counters }) => all + counters.bytes, 0);
    if (limits.bytes > 0) return bytes >= limits.bytes;
    return limits.blocks > 0 && bytes >= limits.blocks * limits.length;
  }
}

/** The results that go to the other end. */
export function resultsOf(flows: readonly Flow[], sends: boolean, udp: boolean, elapsed: number) {
  return {
    cpu_util_total: 0,
    cpu_util_user: 0,
    cpu_util_system: 0,
    sender_has_retransmits: sends && !udp ? 1 : sends ? 0 : -1,
    streams: flows.map(({ counters }, i) => ({
      id: i === 0 ? 1 : i + 2,
      bytes: counters.bytes,
      retransmits: sends && !udp ? counters.retransmitted : -1,
      jitter: counters.jitter,
      errors: counters.lost,
      packets: counters.packets,
      start_time: 0,
      end_time: elapsed,
    })),
  };
}

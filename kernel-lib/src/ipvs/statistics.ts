import { type Nanoseconds, seconds } from "../base/units.js";

/** Packets and bytes of the two directions, and connections (ip_vs_kstats). */
export interface IpvsCounters {
  connections: number;
  inPackets: number;
  outPackets: number;
  inBytes: number;
  outBytes: number;
}

/** The estimator looks every two seconds (ip_vs_est.c). */
const PERIOD: Nanoseconds = seconds(2);

const NAMES = ["connections", "inPackets", "outPackets", "inBytes", "outBytes"] as const;

function none(): IpvsCounters {
  return { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
}

const NOTHING: Readonly<IpvsCounters> = Object.freeze(none());

/** Shift by which a difference of two seconds becomes the estimator's fixed point: 9 for packets and connections, 4 for bytes. */
function scaleOf(name: keyof IpvsCounters): number {
  return name.endsWith("Bytes") ? 4 : 9;
}

/**
 * Counters of a service or a server, with moving averages a second (ip_vs_stats). The averages are brought up to date when somebody counts or asks, as
 * if the estimator had run all the time: a quarter of what is new, three quarters of what was.
 */
export class IpvsStatistics {
  readonly total = none();
  /** Made with the first count: most servers of a large swarm are never asked. */
  private averages: IpvsCounters = NOTHING;
  private seen: IpvsCounters = NOTHING;
  private ticks: number;

  constructor(now: Nanoseconds) {
    this.ticks = Math.floor(now / PERIOD);
  }

  countConnection(now: Nanoseconds): void {
    this.catchUp(now);
    this.total.connections++;
  }

  countIn(now: Nanoseconds, bytes: number): void {
    this.catchUp(now);
    this.total.inPackets++;
    this.total.inBytes += bytes;
  }

  countOut(now: Nanoseconds, bytes: number): void {
    this.catchUp(now);
    this.total.outPackets++;
    this.total.outBytes += bytes;
  }

  /** Connections, packets and bytes a second. */
  rates(now: Nanoseconds): IpvsCounters {
    this.catchUp(now);
    const rates = none();
    // The difference of two seconds shifted by 9 is a rate in 1/1024; rounded up by one less than a unit (ip_vs_read_estimator).
    for (const name of NAMES) {
      const unit = 2 ** (scaleOf(name) + 1);
      rates[name] = Math.floor((this.averages[name] + unit / 2 - 1) / unit);
    }
    return rates;
  }

  /** `ipvsadm -Z`. */
  zero(now: Nanoseconds): void {
    this.catchUp(now);
    Object.assign(this.total, NOTHING);
    this.averages = NOTHING;
    this.seen = NOTHING;
  }

  private catchUp(now: Nanoseconds): void {
    const ticks = Math.floor(now / PERIOD);
    // After a hundred quiet periods every average is 0.
    const steps = Math.min(ticks - this.ticks, 100);
    this.ticks = ticks;
    if (steps > 0 && this.seen === NOTHING) {
      this.averages = none();
      this.seen = none();
    }
    for (let step = 0; step < steps; step++)
      for (const name of NAMES) {
        const rate = (this.total[name] - this.seen[name]) * 2 ** scaleOf(name);
        this.seen[name] = this.total[name];
        this.averages[name] += Math.floor((rate - this.averages[name]) / 4);
      }
  }
}

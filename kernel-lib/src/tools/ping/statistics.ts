import type { Nanoseconds } from "../../base/units.js";

/** What ping counts, in its own units (microseconds), so that its roundings come out the same. */
export class PingStatistics {
  transmitted = 0;
  received = 0;
  duplicates = 0;
  errors = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = 0;
  private sum = 0;
  private squares = 0;
  /** Highest sequence number acknowledged; what is in flight is counted from it. */
  private acknowledged = 0;
  /** The most requests that were ever in flight at once. */
  pipe = 0;
  firstSent: Nanoseconds | null = null;
  lastSent: Nanoseconds = 0;
  private readonly seen = new Set<number>();

  sent(at: Nanoseconds): void {
    this.transmitted++;
    this.firstSent ??= at;
    this.lastSent = at;
  }

  /** A reply, or an error, for request number `sequence`. */
  acknowledge(sequence: number): void {
    this.pipe = Math.max(this.pipe, this.transmitted - sequence + 1);
    this.acknowledged = Math.max(this.acknowledged, sequence);
  }

  get inFlight(): number {
    return this.transmitted - this.acknowledged;
  }

  /** Counts a reply with its round-trip time (null: not measured); true when it is a duplicate. */
  reply(sequence: number, microseconds: number | null): boolean {
    const duplicate = this.seen.has(sequence);
    this.acknowledge(sequence);
    if (duplicate) this.duplicates++;
    else this.received++;
    this.seen.add(sequence);
    if (microseconds !== null) this.measure(microseconds);
    return duplicate;
  }

  has(sequence: number): boolean {
    return this.seen.has(sequence);
  }

  private measure(microseconds: number): void {
    this.least = Math.min(this.least, microseconds);
    this.greatest = Math.max(this.greatest, microseconds);
    this.sum += microseconds;
    this.squares += microseconds * microseconds;
  }

  private get measured(): number {
    return this.received + this.duplicates;
  }

  get average(): number {
    return Math.floor(this.sum / this.measured);
  }

  /** Standard deviation by ping's integer arithmetic. */
  get deviation(): number {
    const variance = Math.floor(
      (this.squares - Math.floor((this.sum * this.sum) / this.measured)) / this.measured,
    );
    return Math.floor(Math.sqrt(Math.max(0, variance)));
  }
}

/** Microseconds as milliseconds with three decimals. */
export function milliseconds(microseconds: number): string {
  return `${Math.floor(microseconds / 1000)}.${`${microseconds % 1000}`.padStart(3, "0")}`;
}

/** C's %g: six significant digits, no trailing zeros. */
function general(value: number): string {
  return `${Number(value.toPrecision(6))}`;
}

/** The last lines of iputils' ping (finish). `timed`: packets were long enough to carry a time. */
export function printStatistics(name: string, statistics: PingStatistics, timed: boolean): string {
  const { transmitted, received, duplicates, errors } = statistics;
  let text = `\n--- ${name} ping statistics ---\n${transmitted} packets transmitted, ${received} received`;
  if (duplicates > 0) text += `, +${duplicates} duplicates`;
  if (errors > 0) text += `, +${errors} errors`;
  if (transmitted > 0) {
    text += `, ${general(((transmitted - received) * 100) / transmitted)}% packet loss`;
    text += `, time ${Math.round((statistics.lastSent - (statistics.firstSent ?? 0)) / 1e6)}ms`;
  }
  text += "\n";
  const parts: string[] = [];
  if (received > 0 && timed) {
    const values = [statistics.least, statistics.average, statistics.greatest, statistics.deviation].map(
      milliseconds,
    );
    parts.push(`rtt min/avg/max/mdev = ${values.join("/")} ms`);
  }
  if (statistics.pipe > 1) parts.push(`pipe ${statistics.pipe}`);
  return `${text}${parts.join(", ")}\n`;
}

/** The time of one reply: three figures, fewer decimals as it grows. */
export function printTime(microseconds: number): string {
  const t = microseconds;
  if (t >= 100_000 - 50) return `${Math.floor((t + 500) / 1000)}`;
  if (t >= 10_000 - 5) return `${Math.floor((t + 50) / 1000)}.${Math.floor(((t + 50) % 1000) / 100)}`;
  if (t >= 1000)
    return `${Math.floor((t + 5) / 1000)}.${`${Math.floor(((t + 5) % 1000) / 10)}`.padStart(2, "0")}`;
  return `0.${`${t}`.padStart(3, "0")}`;
}

import type { Nanoseconds } from "../../base/units.js";
import type { Process } from "../../host/process.js";
import type { Random } from "../../sim/random.js";
import type { Netns } from "../../stack/netns.js";
import { containerNameOf, type Site } from "./replicas.js";

/** Processor time that one request costs a server. */
export interface ServiceTime {
  /** On average. */
  readonly mean: Nanoseconds;
  /** "exponential" (default): most are short, some are long; "constant": all the same. */
  readonly spread?: "exponential" | "constant";
}

/** A container's time, once it is known which rule is its own. */
interface Known {
  readonly version: number;
  readonly time: ServiceTime | null;
  readonly random: Random;
}

/** Throws a RangeError for what is no service time. */
export function checkServiceTime(time: ServiceTime): void {
  const { mean, spread = "exponential" } = time ?? {};
  if (typeof mean !== "number" || !Number.isFinite(mean) || mean < 0)
    throw new RangeError(
      `a service time's mean is a number of nanoseconds: ms(5), not ${JSON.stringify(mean)}`,
    );
  if (spread !== "exponential" && spread !== "constant")
    throw new RangeError(`its spread is "exponential" or "constant", not ${JSON.stringify(spread)}`);
}

/** What the requests of a lab's servers cost, by container. The rule with the longest name that fits a container is its own. */
export class ServiceTimes {
  private readonly rules = new Map<string, ServiceTime>();
  private readonly known = new WeakMap<Netns, Known>();
  private version = 0;

  constructor(
    private readonly sites: readonly Site[],
    private readonly random: Random,
  ) {}

  /** `name`: a container (`web`), a service (`helloworld`), or one replica of it (`helloworld.2`). */
  set(name: string, time: ServiceTime): void {
    checkServiceTime(time);
    if (this.rules.size === 0)
      for (const site of this.sites) site.host.serviceTime = (process) => this.timeOf(site, process);
    this.rules.set(name, time);
    this.version++;
  }

  private timeOf(site: Site, { netns }: Process): Nanoseconds {
    let known = this.known.get(netns);
    if (known === undefined || known.version !== this.version) {
      const name = containerNameOf(site, netns) ?? netns.label;
      known = { version: this.version, time: this.ruleFor(name), random: this.random.fork(name) };
      this.known.set(netns, known);
    }
    const { time, random } = known;
    if (time === null) return 0;
    if (time.spread === "constant") return time.mean;
    return Math.round(-Math.log(1 - random.unit()) * time.mean);
  }

  private ruleFor(container: string): ServiceTime | null {
    let best: string | null = null;
    for (const name of this.rules.keys())
      if ((container === name || container.startsWith(`${name}.`)) && name.length >= (best?.length ?? 0))
        best = name;
    return best === null ? null : this.rules.get(best)!;
  }
}

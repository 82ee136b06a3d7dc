import type { Destination } from "../destination.js";
import { leastLoaded, overhead, type Pool, type Scheduler } from "./scheduler.js";

/** `lc`: who has the fewest connections, weights only telling who is out (ip_vs_lc.c). */
export class LeastConnection implements Scheduler {
  readonly name = "lc";

  choose({ destinations }: Pool): Destination | null {
    let least: Destination | null = null;
    for (const destination of destinations)
      if (destination.takesConnections && (least === null || overhead(destination) < overhead(least)))
        least = destination;
    return least;
  }

  changed(): void {}
}

/** `wlc`, the default: who has the fewest for its weight (ip_vs_wlc.c). */
export class WeightedLeastConnection implements Scheduler {
  readonly name = "wlc";

  choose({ destinations }: Pool): Destination | null {
    return leastLoaded(destinations, overhead);
  }

  changed(): void {}
}

/** `sed`: whose delay would be the shortest with one connection more (ip_vs_sed.c). */
export class ShortestExpectedDelay implements Scheduler {
  readonly name = "sed";

  choose({ destinations }: Pool): Destination | null {
    return leastLoaded(destinations, ({ active }) => active + 1);
  }

  changed(): void {}
}

/** `nq`: the first that has nothing to do, else as `sed` (ip_vs_nq.c). */
export class NeverQueue implements Scheduler {
  readonly name = "nq";

  choose({ destinations }: Pool): Destination | null {
    const idle = destinations.find((one) => one.takesConnections && one.active === 0);
    return idle ?? leastLoaded(destinations, ({ active }) => active + 1);
  }

  changed(): void {}
}

/** `fo`: the one of the highest weight that is not overloaded (ip_vs_fo.c). */
export class Failover implements Scheduler {
  readonly name = "fo";

  choose({ destinations }: Pool): Destination | null {
    let highest: Destination | null = null;
    for (const destination of destinations)
      if (!destination.overloaded && destination.weight > (highest?.weight ?? 0)) highest = destination;
    return highest;
  }

  changed(): void {}
}

/** `ovf`: the one of the highest weight that has fewer active connections than its weight (ip_vs_ovf.c). */
export class Overflow implements Scheduler {
  readonly name = "ovf";

  choose({ destinations }: Pool): Destination | null {
    let highest: Destination | null = null;
    for (const destination of destinations) {
      const { weight, overloaded, active } = destination;
      if (overloaded || weight === 0 || active > weight) continue;
      if (highest === null || weight > highest.weight) highest = destination;
    }
    return highest;
  }

  changed(): void {}
}

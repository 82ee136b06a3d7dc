import type { Destination } from "../destination.js";
import type { Pool, Scheduler } from "./scheduler.js";

/** `rr`: one after the other, whatever their load; those of weight 0 are left out (ip_vs_rr.c). */
export class RoundRobin implements Scheduler {
  readonly name = "rr";
  private last: Destination | null = null;
  /** The servers as they were at the last change; kept while a server had the last turn. */
  private order: readonly Destination[] = [];

  choose({ destinations }: Pool): Destination | null {
    const from = this.last === null ? -1 : destinations.indexOf(this.last);
    for (let step = 1; step <= destinations.length; step++) {
      const next = destinations[(from + step) % destinations.length]!;
      if (!next.takesConnections) continue;
      if (this.last === null) this.order = [...destinations];
      this.last = next;
      return next;
    }
    return null;
  }

  /** When the server whose turn was last goes, the one before it takes its place, so that the next stays the next (ip_vs_rr_del_dest). */
  changed({ destinations }: Pool): void {
    if (this.last === null) return;
    if (!destinations.includes(this.last)) {
      const at = this.order.indexOf(this.last);
      this.last = at <= 0 ? null : (destinations[at - 1] ?? null);
    }
    this.order = [...destinations];
  }
}

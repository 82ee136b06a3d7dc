import type { Ipv4 } from "../../base/addresses.js";
import type { Destination } from "../destination.js";

/** What a scheduler may look at of the packet that opens a connection. */
export interface Opening {
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
}

/** What a scheduler knows of its service: the real servers, the newest first, and its flags (bits 0 to 2). */
export interface Pool {
  readonly destinations: readonly Destination[];
  readonly flags: number;
}

/** Chooses the real server of a new connection. One object a service: it may remember. */
export interface Scheduler {
  readonly name: string;
  /** Null when no server may take it. */
  choose(pool: Pool, opening: Opening): Destination | null;
  /** A server has come, changed or is about to go. */
  changed(pool: Pool): void;
}

/** Connections as the least-connection schedulers weigh them: an active one counts 256 times an inactive one (ip_vs_dest_conn_overhead). */
export function overhead({ active, inactive }: Destination): number {
  return active * 256 + inactive;
}

/** The server with the smallest load among those that may be taken; of equals the first. `load` over weight is compared by cross multiplication, as the kernel has no fractions. */
export function leastLoaded(
  destinations: readonly Destination[],
  load: (destination: Destination) => number,
): Destination | null {
  let least: Destination | null = null;
  let leastLoad = 0;
  for (const destination of destinations) {
    if (!destination.takesConnections) continue;
    const ownLoad = load(destination);
    if (least === null || leastLoad * destination.weight > ownLoad * least.weight) {
      least = destination;
      leastLoad = ownLoad;
    }
  }
  return least;
}

import type { Ipv4 } from "../base/addresses.js";
import type { Route } from "./route.js";

/** The routing tables of a namespace. Looked up in the order local, main, default (the three rules of every Linux). */
export class Fib {
  /** Grows with every change: cached paths of an older generation are looked up again. */
  generation = 1;

  /** Routes of a table in the order of `ip route show`: by destination, then metric. */
  list(_table: number): readonly Route[] {
    return [];
  }

  /** Numbers of the tables that hold a route, ascending. */
  get tables(): readonly number[] {
    return [];
  }

  /** The best route for a destination, or null. */
  lookup(_destination: Ipv4, _outputIndex = 0): Route | null {
    return null;
  }
}

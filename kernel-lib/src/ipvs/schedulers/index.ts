import { DestinationHashing, SourceHashing } from "./hashing.js";
import {
  Failover,
  LeastConnection,
  NeverQueue,
  Overflow,
  ShortestExpectedDelay,
  WeightedLeastConnection,
} from "./least-connection.js";
import { Maglev } from "./maglev.js";
import { RoundRobin } from "./round-robin.js";
import type { Scheduler } from "./scheduler.js";
import { WeightedRoundRobin } from "./weighted-round-robin.js";

/** The schedulers by name. */
export const SCHEDULERS: ReadonlyMap<string, () => Scheduler> = new Map<string, () => Scheduler>([
  ["rr", () => new RoundRobin()],
  ["wrr", () => new WeightedRoundRobin()],
  ["lc", () => new LeastConnection()],
  ["wlc", () => new WeightedLeastConnection()],
  ["sed", () => new ShortestExpectedDelay()],
  ["nq", () => new NeverQueue()],
  ["sh", () => new SourceHashing()],
  ["dh", () => new DestinationHashing()],
  ["mh", () => new Maglev()],
  ["fo", () => new Failover()],
  ["ovf", () => new Overflow()],
]);

/** Schedulers that Linux has and this machine has not: they need a table of destinations that ages. */
export const UNSUPPORTED_SCHEDULERS: ReadonlySet<string> = new Set(["lblc", "lblcr"]);

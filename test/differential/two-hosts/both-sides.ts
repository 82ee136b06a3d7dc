import { type Difference, differences, told } from "./compare.js";
import { OurSide } from "./our-side.js";
import { play } from "./play.js";
import { RealSide } from "./real-side.js";
import type { Scene } from "./scene.js";

/** Plays that a shrinking may take. */
const PATIENCE = 25;

/** Real plays of a scene before a difference counts. */
const REAL_PLAYS = 4;

/**
 * Plays a scene on both sides. A difference counts only when each of several real plays shows one: on a busy machine a step may take so long that a question
 * by ARP is asked once more in it, and what happens between is then the machine's business and not the kernel's.
 */
export async function playOnBoth(real: RealSide, scene: Scene): Promise<readonly Difference[]> {
  const ours = await play(new OurSide(), scene);
  let found: readonly Difference[] = [];
  for (let i = 0; i < REAL_PLAYS; i++) {
    found = differences(scene, await play(real, scene), ours);
    if (found.length === 0) break;
  }
  return found;
}

/** The scenes that disagree, as texts; several are played at a time, each on a processor of its own. */
export async function disagreements(
  scenes: readonly Scene[],
  processors: number,
  tell: (real: RealSide, scene: Scene, found: readonly Difference[]) => Promise<string>,
): Promise<readonly string[]> {
  const waiting = [...scenes];
  const texts: string[] = [];
  const work = async (processor: number): Promise<void> => {
    const real = new RealSide(processor);
    try {
      for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
        const found = await playOnBoth(real, scene);
        if (found.length > 0) texts.push(await tell(real, scene, found));
      }
    } finally {
      await real.end();
    }
  };
  await Promise.all(Array.from({ length: processors }, (_, processor) => work(processor)));
  return texts;
}

/** A disagreement with as few steps as show it: halves, quarters, … of them are left out as long as the sides still disagree. */
export async function shrunk(real: RealSide, failing: Scene): Promise<string> {
  let best = failing;
  let found = await playOnBoth(real, failing);
  let left = PATIENCE;
  for (let chunk = Math.ceil(best.steps.length / 2); chunk >= 1; chunk = Math.floor(chunk / 2))
    for (let at = best.steps.length - chunk; at > -chunk && left > 0; at -= chunk, left--) {
      const from = Math.max(0, at);
      const smaller = { ...best, steps: best.steps.toSpliced(from, chunk) };
      const still = await playOnBoth(real, smaller);
      if (still.length === 0) continue;
      best = smaller;
      found = still;
    }
  return told(best, found);
}

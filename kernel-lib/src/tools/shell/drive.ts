import type { World } from "../../trace/world.js";

/**
 * Lets the clock go on until `done`. It stands still while a shell is busy between two commands. `relieve` is asked when nothing is
 * busy: it may change something (and says so) instead of an event; it is told when there are no events left.
 */
export async function drive(
  world: World,
  done: () => boolean,
  relieve: (stuck: boolean) => boolean,
): Promise<void> {
  const { asyncWork, scheduler } = world;
  while (!done()) {
    if (asyncWork.busy) {
      await asyncWork.idle();
      continue;
    }
    if (relieve(false)) {
      await Promise.resolve();
      continue;
    }
    if (asyncWork.step(scheduler)) continue;
    await Promise.resolve();
    if (!done() && !asyncWork.busy && scheduler.nextAt() === null && !relieve(true))
      throw new Error("the lab stands still: a command waits for what cannot come");
  }
}

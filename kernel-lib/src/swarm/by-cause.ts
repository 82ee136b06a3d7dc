import type { Engine } from "../docker/engine.js";
import type { Steps } from "../host/process.js";

/** From so many lines on, one command reads them all. */
const BATCH = 4;

/** Tells the kernel what has been heard, neighbours of one cause together, each with that command as the cause of what is run for it. */
export function* byCause<T>(
  engine: Engine,
  changes: readonly T[],
  causeOf: (change: T) => string | undefined,
  tell: (changes: readonly T[]) => Steps<void>,
): Steps<void> {
  for (let begin = 0; begin < changes.length; ) {
    const cause = causeOf(changes[begin]!);
    let end = begin;
    while (end < changes.length && causeOf(changes[end]!) === cause) end++;
    const steps = tell(changes.slice(begin, end));
    yield* cause === undefined ? steps : engine.serving.run(cause, steps);
    begin = end;
  }
}

/** The lines as standard input of a tool that reads its commands; null where they are so few that each is a command of its own. */
export function inBatch(lines: readonly (readonly string[])[]): string | null {
  return lines.length < BATCH ? null : lines.map((words) => `${words.join(" ")}\n`).join("");
}

import type { Nanoseconds } from "../../base/units.js";
import { humanDuration } from "../go/time.js";
import type { Container } from "./container.js";

/** `Up 2 seconds`, `Exited (137) 3 seconds ago`, `Created` (container.State.String). */
export function statusText(container: Container, now: Nanoseconds): string {
  if (container.running) return `Up ${humanDuration(now - (container.startedAt ?? now))}`;
  if (container.finishedAt === null || container.status === "created") return "Created";
  return `Exited (${container.exitCode}) ${humanDuration(now - container.finishedAt)} ago`;
}

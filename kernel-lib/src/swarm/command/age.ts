import type { EngineVersion } from "../../docker/versions/engine-version.js";

/** A release by its place in time: 1.12, 17.05, 17.09, 20.1, 28.2. */
export function ageOf({ release }: EngineVersion): number {
  return Number(/^\d+\.\d+/.exec(release)?.[0] ?? 28);
}

import type { RedisEngine } from "../engine.js";
import { usageOf } from "../usage.js";

/** After so many seconds with at least so many changes the keys are written. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

/** The setting `save`: pairs of numbers. */
export function savePoints(engine: RedisEngine): SavePoint[] {
  const words = (engine.settings.get("save") ?? "").split(" ").filter((word) => word !== "");
  const points: SavePoint[] = [];
  for (let i = 0; i + 1 < words.length; i += 2)
    points.push({ seconds: Number(words[i]), changes: Number(words[i + 1]) });
  return points;
}

/** The save point that is reached now, or null. */
export function reachedPoint(engine: RedisEngine): SavePoint | null {
  const since = engine.now() - usageOf(engine).savedAt;
  const { dirty } = engine.statistics;
  return (
    savePoints(engine).find(({ seconds, changes }) => dirty >= changes && since > seconds * 1000) ?? null
  );
}

/** When the next one is reached if nothing else changes, milliseconds since 1970; null for never. */
export function nextSave(engine: RedisEngine): number | null {
  const { dirty } = engine.statistics;
  const times = savePoints(engine)
    .filter(({ changes }) => dirty >= changes)
    .map(({ seconds }) => usageOf(engine).savedAt + seconds * 1000 + 1);
  return times.length === 0 ? null : Math.min(...times);
}

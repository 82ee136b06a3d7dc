import type { Random } from "../../../sim/random.js";

/**
 * Draws from a collection as SRANDMEMBER and its kin do: a count of 0 or more gives different items, all if there are not more; a negative one gives so
 * many, the same perhaps again and again.
 */
export function drawn<T>(random: Random, items: readonly T[], count: number): T[] {
  if (items.length === 0) return [];
  if (count < 0) return Array.from({ length: -count }, () => items[random.between(0, items.length - 1)]!);
  if (count >= items.length) return [...items];
  const pool = [...items];
  for (let i = 0; i < count; i++) {
    const other = random.between(i, pool.length - 1);
    [pool[i], pool[other]] = [pool[other]!, pool[i]!];
  }
  return pool.slice(0, count);
}

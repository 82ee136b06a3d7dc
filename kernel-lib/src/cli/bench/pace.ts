import type { Pace } from "../../stack/pace.bench.js";
import { type BenchFigure, median } from "./figure.js";

/** Runs of which the fastest slice counts. */
export const RUNS = 5;

/** The pace over several runs: the fastest slice of all, and the median of the whole runs. */
export function paceOf(
  measure: () => Pace,
  runs = RUNS,
): { readonly fastest: number; readonly median: number } {
  const all = Array.from({ length: runs }, measure);
  return {
    fastest: Math.max(...all.map(({ fastest }) => fastest)),
    median: median(all.map(({ packetsPerSecond }) => packetsPerSecond)),
  };
}

/**
 * Two lines of a way: the fastest slice, which is what the code does while nobody else wants the processor, and the median of whole runs, with all that a
 * shared machine takes away.
 */
export function paceFigures(name: string, measure: () => Pace, atLeast: number): BenchFigure[] {
  const pace = paceOf(measure);
  return [
    { name, value: pace.fastest, unit: "packets/s", target: { atLeast } },
    { name: "the same, median of whole runs", value: pace.median, unit: "packets/s" },
  ];
}

/** One line of a variation: the fastest slice. */
export function paceFigure(name: string, measure: () => Pace, runs = 3): BenchFigure {
  return { name, value: paceOf(measure, runs).fastest, unit: "packets/s" };
}

/** One measured figure. `target` is what the project asks of it; nothing fails when a slow machine misses it. */
export interface BenchFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** The figure as a line of the report. */
export function figureLine({ name, value, unit, target }: BenchFigure): string {
  const wanted =
    target === undefined
      ? ""
      : "atLeast" in target
        ? `  (asked: at least ${target.atLeast.toLocaleString("en")})`
        : `  (asked: at most ${target.atMost})`;
  return `${name.padEnd(52)} ${value.toLocaleString("en").padStart(12)} ${unit}${wanted}`;
}

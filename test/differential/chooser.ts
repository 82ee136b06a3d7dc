import fc from "fast-check";

/** Choices drawn by fast-check from one seed. */
export interface Chooser {
  /** True that often out of a hundred times. */
  percent(share: number): boolean;
  /** A whole number from `low` to `high`. */
  number(low: number, high: number): number;
  one<const T>(...values: readonly T[]): T;
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T;
}

/** One value made of choices; the same for the same seed. */
export function generate<T>(seed: number, make: (choose: Chooser) => T): T {
  const arbitrary = fc.gen().map((draw) => {
    const number = (low: number, high: number) => draw(uniform, low, high);
    const choose: Chooser = {
      number,
      percent: (share) => number(0, 99) < share,
      one: (...values) => values[number(0, values.length - 1)]!,
      weighted(choices) {
        let left = number(0, choices.reduce((sum, [weight]) => sum + weight, 0) - 1);
        return choices.find(([weight]) => {
          left -= weight;
          return left < 0;
        })![1];
      },
    };
    return make(choose);
  });
  return fc.sample(arbitrary, { seed, numRuns: 1 })[0]!;
}

/** Without fast-check's leaning to the ends: a share of ten percent is to be ten percent. */
function uniform(low: number, high: number): fc.Arbitrary<number> {
  return fc.noBias(fc.integer({ min: low, max: high }));
}

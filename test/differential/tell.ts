import { playOnBoth, type Sides } from "./both-sides.js";
import { type Case, ruleText } from "./case.js";
import type { Difference } from "./compare.js";
import { generateCase } from "./generate.js";
import { shrink } from "./shrink.js";

/** Runs that a shrinking may take. */
const PATIENCE = 400;

/** The disagreement of a seed with as few rules and packets as show it. */
export async function tell(sides: Sides, seed: number): Promise<string> {
  const failing = generateCase(seed);
  let left = PATIENCE;
  const smallest = await shrink(failing, async (smaller) => {
    if (left-- <= 0) return false;
    return (await playOnBoth(sides, smaller)).length > 0;
  });
  return written(seed, smallest, await playOnBoth(sides, smallest));
}

function written(seed: number, { settings, tables, steps }: Case, found: readonly Difference[]): string {
  const on = Object.entries(settings)
    .filter(([, value]) => value)
    .map(([name]) => name);
  const rules = tables.flatMap(({ name, chains }) => [
    `*${name}`,
    ...chains
      .filter(({ policy }) => policy !== "ACCEPT")
      .map((chain) => `:${chain.name} ${chain.policy ?? "-"}`),
    ...chains.flatMap((chain) => chain.rules.map((rule) => ruleText(chain.name, rule))),
  ]);
  return [
    `--- seed ${seed}: ${on.join(", ")}`,
    ...rules,
    ...steps.map((step) => JSON.stringify(step)),
    ...found.flatMap(({ where, real, ours }) => [
      `@ ${where}`,
      ...real.map((line) => `  kernel ${line}`),
      ...ours.map((line) => `  ours   ${line}`),
    ]),
    "",
  ].join("\n");
}

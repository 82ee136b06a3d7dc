import type { Case } from "./case.js";
import { generate } from "./chooser.js";
import { generateTables } from "./generate-rules.js";
import { generateSteps } from "./generate-steps.js";

/** Packets of a case. */
export const STEPS = 50;

/** The case of a seed. */
export function generateCase(seed: number): Case {
  return generate(seed, (choose) => ({
    settings: {
      hairpin: choose.percent(30),
      bridgeCalls: choose.percent(90),
      reversePath: choose.percent(15),
      routeLocalnet: choose.percent(20),
      ignoreBroadcastEcho: choose.percent(60),
    },
    tables: generateTables(choose),
    steps: generateSteps(choose, STEPS),
  }));
}

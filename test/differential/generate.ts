import type { Case } from "./case.js";
import { type Chooser, generate } from "./chooser.js";
import { generateTables } from "./generate-rules.js";
import { generateSteps } from "./generate-steps.js";

/** Packets of a case. */
export const STEPS = 50;

/** The case of a seed. */
export function generateCase(seed: number): Case {
  return generate(seed, (choose) => caseOf(choose, choose.percent(30)));
}

function caseOf(choose: Chooser, hairpin: boolean): Case {
  return {
    settings: {
      hairpin,
      bridgeCalls: choose.percent(90),
      reversePath: choose.percent(15),
      routeLocalnet: choose.percent(20),
      ignoreBroadcastEcho: choose.percent(60),
    },
    tables: generateTables(choose),
    // A flooded packet's copies are cut anew, the last one as it came; which is the last depends on the kernel's order of ports, the newest first.
    steps: generateSteps(choose, STEPS, { fragments: !hairpin }),
  };
}

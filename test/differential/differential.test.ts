import { expect, test } from "vitest";
import { MATCHES } from "../../kernel-lib/src/netfilter/matches/index.js";
import { TARGETS } from "../../kernel-lib/src/netfilter/targets/index.js";
import { describeWith } from "../support/requirement.js";
import { playOnBoth, Sides } from "./both-sides.js";
import { generateCase } from "./generate.js";
import { MATCH_MAKERS, MATCHES_LEFT_OUT } from "./generate-matches.js";
import { TARGET_MAKERS, TARGETS_LEFT_OUT } from "./generate-targets.js";
import { requirement } from "./needs.js";
import { tell } from "./tell.js";

const SEED = Number(process.env.HOPBOOK_DIFFERENTIAL_SEED ?? 20_250_301);
const SETS = Number(process.env.HOPBOOK_DIFFERENTIAL_SETS ?? 200);
/** How many disagreements are shrunk and told before the rest is only counted. */
const TOLD = Number(process.env.HOPBOOK_DIFFERENTIAL_TOLD ?? 3);

describeWith("rule sets in the kernel and here", requirement(), () => {
  test(
    `${SETS} rule sets, 50 packets each`,
    async () => {
      console.log(
        `seed ${SEED}, ${SETS} sets; another: HOPBOOK_DIFFERENTIAL_SEED=N HOPBOOK_DIFFERENTIAL_SETS=M npx vitest run --config test/vitest.config.ts test/differential`,
      );
      const sides = new Sides();
      const told: string[] = [];
      let disagreeing = 0;
      try {
        for (let seed = SEED; seed < SEED + SETS; seed++) {
          const found = await playOnBoth(sides, generateCase(seed));
          if (found.length === 0) continue;
          disagreeing++;
          if (told.length < TOLD) told.push(await tell(sides, seed));
        }
      } finally {
        await sides.end();
      }
      expect(told.join("\n"), `${disagreeing} of ${SETS} sets`).toBe("");
    },
    20_000 + SETS * 3000,
  );
});

test("every match and target is in the rule sets, or left out for a reason", () => {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  const keys = (...records: object[]) => records.flatMap((record) => Object.keys(record)).sort();
  expect(keys(MATCH_MAKERS, MATCHES_LEFT_OUT)).toEqual(names(MATCHES));
  expect(keys(TARGET_MAKERS, TARGETS_LEFT_OUT)).toEqual(names(TARGETS));
});

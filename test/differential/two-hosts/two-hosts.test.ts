import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { describeWith } from "../../support/requirement.js";
import { disagreements, shrunk } from "./both-sides.js";
import { told } from "./compare.js";
import { requirement } from "./needs.js";
import { randomScript } from "./random-script.js";
import { SCENES } from "./scenes/index.js";

const SEED = Number(process.env.HOPBOOK_TWO_HOSTS_SEED ?? 20_260_101);
const SCRIPTS = Number(process.env.HOPBOOK_TWO_HOSTS_SCRIPTS ?? 40);
/** One real world for each processor, at most two. */
const PROCESSORS = Math.min(2, availableParallelism());
/** How many disagreements of random scripts are shrunk before the rest is told as it is. */
const SHRUNK = 2;

describeWith("tunnels between hosts, in the kernel and here", requirement(), () => {
  test(`${SCENES.length} scenes`, { timeout: 300_000 }, async () => {
    const texts = await disagreements(SCENES, PROCESSORS, async (_, scene, found) => told(scene, found));
    expect(texts.join("\n"), `${texts.length} of ${SCENES.length} scenes disagree`).toBe("");
  });

  test(`${SCRIPTS} random scripts`, { timeout: 30_000 + SCRIPTS * 8000 }, async () => {
    console.log(
      `seed ${SEED}, ${SCRIPTS} scripts; others: HOPBOOK_TWO_HOSTS_SEED=N HOPBOOK_TWO_HOSTS_SCRIPTS=M npx vitest run --config test/vitest.config.ts test/differential/two-hosts`,
    );
    const scripts = Array.from({ length: SCRIPTS }, (_, i) => randomScript(SEED + i));
    let toShrink = SHRUNK;
    const texts = await disagreements(scripts, PROCESSORS, async (real, scene, found) =>
      toShrink-- > 0 ? shrunk(real, scene) : told(scene, found),
    );
    expect(texts.join("\n"), `${texts.length} of ${SCRIPTS} scripts disagree`).toBe("");
  });
});

test("names of scenes are unlike each other", () => {
  expect(new Set(SCENES.map(({ name }) => name)).size).toBe(SCENES.length);
});

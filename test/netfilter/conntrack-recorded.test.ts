import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Leveller, RecordedRouter, type RecordedStep, type Recording } from "./conntrack-play.js";

function recordings(file: string): readonly Recording[] {
  return JSON.parse(readFileSync(new URL(`./recorded/${file}`, import.meta.url), "utf8"));
}

/** A step as text lines, so that a difference reads well. */
function tell(step: Pick<RecordedStep, "states" | "out" | "list">, leveller: Leveller): string[] {
  const lines = step.list.map((line) => leveller.line(line).rest).sort();
  const out = (step.out ?? []).map(([wire, packet]) => `${wire} ${leveller.packet(packet)}`);
  return [...(step.states ?? []), ...out, ...lines];
}

for (const file of ["conntrack-tcp.json", "conntrack-nat.json"]) {
  describe(`a real router, ${file}`, () => {
    test.each(recordings(file).map((one) => [one.name, one] as const))("%s", (_name, recording) => {
      const router = new RecordedRouter(recording);
      const leveller = new Leveller(recording);
      for (const [i, step] of recording.steps.entries()) {
        const seen = router.play(step);
        const where = `step ${i + 1}: ${step.note ?? step.run ?? `${step.wait} s later`}`;
        expect([where, ...tell(seen, leveller)]).toEqual([where, ...tell(step, leveller)]);
        const times = (list: readonly string[]) =>
          list
            .map((line) => leveller.line(line))
            .sort((a, b) => (a.rest < b.rest ? -1 : 1))
            .map(({ left }) => left);
        const real = times(step.list);
        for (const [n, left] of times(seen.list).entries())
          expect(
            Math.abs(left - real[n]!),
            `${where}: ${left} s left, really ${real[n]}`,
          ).toBeLessThanOrEqual(1);
      }
    });
  });
}

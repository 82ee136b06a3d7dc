import { expect, test } from "vitest";
import { kernelTraits } from "./kernel-traits.js";

test.each([
  ["4.4.0-87-generic", 1, true, "pfifo_fast", true, false],
  ["4.15.0-20-generic", 1000, false, "fq_codel", true, false],
  ["5.8.18", 1000, false, "fq_codel", true, false],
  ["5.10.0-9-amd64", 1000, false, "fq_codel", false, false],
  ["6.1.0-31-amd64", 1000, false, "fq_codel", false, true],
] as const)(
  "%s",
  (release, loopbackQueueLength, tablesEverywhere, cardQdisc, dropsReused, tellsMovedTunnel) => {
    const expected = { loopbackQueueLength, tablesEverywhere, cardQdisc, dropsReused, tellsMovedTunnel };
    expect(kernelTraits(release)).toEqual(expected);
  },
);

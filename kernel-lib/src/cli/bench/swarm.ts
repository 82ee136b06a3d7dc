import { performance } from "node:perf_hooks";
import { measureSwarm } from "./benches.js";
import type { BenchFigure } from "./figure.js";

/** A large swarm: what it costs to build and to hold. */
export function swarmFigures(heapUsed: () => number): BenchFigure[] {
  const { nodes, tasks, buildMs, joinMs, bytes } = measureSwarm(() => performance.now(), heapUsed);
  const name = `swarm of ${nodes} nodes and ${tasks.toLocaleString("en")} tasks:`;
  return [
    {
      name: `${name} time to build`,
      value: Math.round(buildMs) / 1e3,
      unit: "s",
      target: { atMost: 10 },
    },
    { name: `${name} of that, to join`, value: Math.round(joinMs) / 1e3, unit: "s" },
    { name: `${name} memory`, value: Math.round(bytes / 1e6), unit: "MB", target: { atMost: 1000 } },
  ];
}

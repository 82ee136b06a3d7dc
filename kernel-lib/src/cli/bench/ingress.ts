import { performance } from "node:perf_hooks";
import type { IngressOptions } from "../../lab/ingress.bench.js";
import { measureIngress } from "./benches.js";
import { type BenchFigure, median } from "./figure.js";

const RUNS = 5;
const FLOWS = 1_000;

const clock = () => performance.now();

const rate = (options: IngressOptions, runs = RUNS) =>
  median(Array.from({ length: runs }, () => measureIngress(clock, options).packetsPerSecond));

/** Client → DNAT → IPVS → VXLAN → container of a swarm, by a node without a replica. */
export function ingressFigures(): BenchFigure[] {
  return [
    {
      name: "client → DNAT → IPVS → VXLAN → container",
      value: rate({}),
      unit: "packets/s",
      target: { atLeast: 120_000 },
    },
    {
      name: `the same, ${FLOWS.toLocaleString("en")} flows`,
      value: rate({ flows: FLOWS }, 3),
      unit: "packets/s",
    },
    { name: "the same, traced", value: rate({ packets: 20_000, traced: true }, 1), unit: "packets/s" },
  ];
}

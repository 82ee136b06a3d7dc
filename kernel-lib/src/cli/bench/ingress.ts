import { performance } from "node:perf_hooks";
import { measureIngress } from "./benches.js";
import type { BenchFigure } from "./figure.js";
import { paceFigure, paceFigures } from "./pace.js";

const FLOWS = 1_000;

const clock = () => performance.now();

/** Client → DNAT → IPVS → VXLAN → container of a swarm, by a node without a replica. */
export function ingressFigures(): BenchFigure[] {
  return [
    ...paceFigures("client → DNAT → IPVS → VXLAN → container", () => measureIngress(clock), 120_000),
    paceFigure(`the same, ${FLOWS.toLocaleString("en")} flows`, () =>
      measureIngress(clock, { flows: FLOWS }),
    ),
    paceFigure("the same, traced", () => measureIngress(clock, { packets: 20_000, traced: true }), 1),
  ];
}

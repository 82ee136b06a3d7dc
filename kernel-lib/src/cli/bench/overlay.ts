import { performance } from "node:perf_hooks";
import { measureOverlay } from "./benches.js";
import type { BenchFigure } from "./figure.js";
import { paceFigure, paceFigures } from "./pace.js";

const FLOWS = 1_000;

const clock = () => performance.now();

/** Container → bridge → VXLAN → underlay → VXLAN → bridge → container, and how many times slower that is than the `others`, given in packets a second. */
export function overlayFigures(others: Readonly<Record<string, number>>): BenchFigure[] {
  const pace = paceFigures(
    "container → bridge → VXLAN → bridge → container",
    () => measureOverlay(clock),
    200_000,
  );
  const ratios = Object.entries(others).map(([name, other]) => ({
    name: `${name} / the same`,
    value: Math.round((other / pace[0]!.value) * 10) / 10,
    unit: "×",
  }));
  return [
    ...pace,
    ...ratios,
    paceFigure(`the same, ${FLOWS.toLocaleString("en")} flows`, () =>
      measureOverlay(clock, { flows: FLOWS }),
    ),
    paceFigure("the same, ICMP echo and reply", () => measureOverlay(clock, { icmp: true })),
    paceFigure("the same, traced", () => measureOverlay(clock, { packets: 20_000, traced: true }), 1),
  ];
}

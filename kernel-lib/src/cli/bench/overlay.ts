import { performance } from "node:perf_hooks";
import type { OverlayOptions } from "../../lab/overlay.bench.js";
import { measureOverlay } from "./benches.js";
import { type BenchFigure, median } from "./figure.js";

const RUNS = 5;
const FLOWS = 1_000;

const clock = () => performance.now();

const rate = (options: OverlayOptions, runs = RUNS) =>
  median(Array.from({ length: runs }, () => measureOverlay(clock, options).packetsPerSecond));

/** Container → bridge → VXLAN → underlay → VXLAN → bridge → container, and how many times slower that is than the `others`, given in packets a second. */
export function overlayFigures(others: Readonly<Record<string, number>>): BenchFigure[] {
  const one = rate({});
  const ratios = Object.entries(others).map(([name, other]) => ({
    name: `${name} / the same`,
    value: Math.round((other / one) * 10) / 10,
    unit: "×",
  }));
  return [
    {
      name: "container → bridge → VXLAN → bridge → container",
      value: one,
      unit: "packets/s",
      target: { atLeast: 200_000 },
    },
    ...ratios,
    {
      name: `the same, ${FLOWS.toLocaleString("en")} flows`,
      value: rate({ flows: FLOWS }, 3),
      unit: "packets/s",
    },
    { name: "the same, ICMP echo and reply", value: rate({ icmp: true }, 3), unit: "packets/s" },
    { name: "the same, traced", value: rate({ packets: 20_000, traced: true }, 1), unit: "packets/s" },
  ];
}

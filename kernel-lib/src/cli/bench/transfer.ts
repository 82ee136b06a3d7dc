import { performance } from "node:perf_hooks";
import { measureTransfer } from "./benches.js";
import { type BenchFigure, median } from "./figure.js";

const RUNS = 3;
const LOSSES = [0, 0.01, 0.05] as const;

/** 10 MB of TCP between containers on two hosts, over 1 Gbit/s and 1 ms each way that lose nothing, 1 % and 5 %: real time, and the lab's. */
export function transferFigures(): BenchFigure[] {
  return LOSSES.flatMap((loss) => {
    const runs = Array.from({ length: RUNS }, () => measureTransfer(() => performance.now(), { loss }));
    const { simulatedSeconds, repeated } = runs[0]!;
    const name = `10 MB of TCP through the tunnel, ${loss * 100} % lost:`;
    return [
      {
        name: `${name} wall time`,
        value: Math.round(median(runs.map(({ wallMs }) => wallMs))) / 1e3,
        unit: "s",
      },
      { name: `${name} simulated`, value: Math.round(simulatedSeconds * 1e3) / 1e3, unit: "s" },
      { name: `${name} sent again`, value: repeated, unit: "segments" },
    ];
  });
}

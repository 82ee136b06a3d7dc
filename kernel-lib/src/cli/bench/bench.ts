import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { chapterNames } from "../../book/chapters.js";
import { measureKernel } from "../../jupyter/index.js";
import { runNotebook } from "../../jupyter/run-notebook.js";
import { measurePath, measureTraceMemory } from "./benches.js";
import { bookFigures } from "./book.js";
import { chatFigures } from "./chat.js";
import { type BenchFigure, figureLine } from "./figure.js";
import { gradeFigures } from "./grade.js";
import { ingressFigures } from "./ingress.js";
import { liveFigures } from "./live.js";
import { meshFigures } from "./mesh.js";
import { overlayFigures } from "./overlay.js";
import { paceFigure, paceFigures, RUNS } from "./pace.js";
import { publishedFigures, ruleCostFigures, ruleCostPlot, ruleCosts } from "./published.js";
import { swarmFigures } from "./swarm.js";
import { transferFigures } from "./transfer.js";

/** Scheduled events of a packet between two containers: one at the bridge, one in the container. */
const HOPS = 2;

/** Container → bridge → container with 100-byte UDP. */
function pathFigures(): BenchFigure[] {
  const clock = () => performance.now();
  const untraced = paceFigures("container → bridge → container, untraced", () => measurePath(clock), 400_000);
  const traced = paceFigure(
    "the same, traced",
    () => measurePath(clock, { packets: 60_000, traced: true }),
    RUNS,
  );
  const each = 1e9 / untraced[0]!.value;
  return [
    ...untraced,
    traced,
    {
      name: "untraced / traced",
      value: Math.round((untraced[0]!.value / traced.value) * 10) / 10,
      unit: "×",
    },
    { name: "one packet, untraced", value: Math.round(each), unit: "ns" },
    { name: "one hop (scheduled event), untraced", value: Math.round(each / HOPS), unit: "ns" },
  ];
}

/** Bytes of the heap that are in use, after a collection. */
function heapMeter(): () => number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  return () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
}

function memoryFigure(heapUsed: () => number): BenchFigure {
  const { bytes } = measureTraceMemory(heapUsed);
  return { name: "memory per 10,000 traced packets", value: Math.round(bytes / 1e5) / 10, unit: "MB" };
}

async function kernelFigures(root: string): Promise<BenchFigure[]> {
  const kernel = await measureKernel(root);
  return [
    { name: "kernel: start to first result", value: Math.round(kernel.startToFirstResultMs), unit: "ms" },
    {
      name: "kernel: a trivial cell (median)",
      value: Math.round(kernel.trivialCellMs * 10) / 10,
      unit: "ms",
    },
  ];
}

/** The time of a whole chapter on the kernel: a copy is executed, the notebook itself stays as it is. */
async function chapterFigure(root: string, name: string): Promise<BenchFigure> {
  const folder = mkdtempSync(join(root, "notebooks", ".bench-"));
  try {
    const copy = join(folder, `${name}.ipynb`);
    copyFileSync(join(root, "notebooks", `${name}.ipynb`), copy);
    const start = performance.now();
    await runNotebook(copy, {});
    return {
      name: `chapter ${name} on the kernel`,
      value: Math.round(performance.now() - start) / 1e3,
      unit: "s",
      target: { atMost: 5 },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `hopbook bench`: prints figures as they are measured; `--json` prints them as one JSON value at the end. */
export async function bench({
  root,
  json,
}: {
  readonly root: string;
  readonly json: boolean;
}): Promise<void> {
  const figures: BenchFigure[] = [];
  const add = (...more: BenchFigure[]) => {
    figures.push(...more);
    if (!json) for (const figure of more) console.log(figureLine(figure));
  };
  if (!json) console.log(`node ${process.version}, ${process.arch}`);
  const path = pathFigures();
  add(...path);
  const published = publishedFigures();
  add(...published);
  add(
    ...overlayFigures({
      "container → bridge → container": path[0]!.value,
      "client → DNAT → bridge → container": published[0]!.value,
    }),
  );
  add(...ingressFigures());
  add(...transferFigures());
  add(...(await chatFigures()));
  const costs = ruleCosts();
  add(...ruleCostFigures(costs));
  const plot = join(root, "dist", "bench-rules.svg");
  mkdirSync(dirname(plot), { recursive: true });
  writeFileSync(plot, await ruleCostPlot(costs).svg());
  if (!json) console.log(`plot of the last: ${plot}`);
  const heapUsed = heapMeter();
  add(memoryFigure(heapUsed));
  add(...meshFigures(heapUsed));
  add(...swarmFigures(heapUsed));
  add(...(await kernelFigures(root)));
  for (const chapter of chapterNames(root)) add(await chapterFigure(root, chapter));
  add(...(await bookFigures(root)));
  add(...(await liveFigures(root)));
  add(...(await gradeFigures(root)));
  if (json) console.log(JSON.stringify(figures, null, 2));
}

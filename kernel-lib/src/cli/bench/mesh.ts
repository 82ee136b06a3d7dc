import { performance } from "node:perf_hooks";
import type { MeshResult } from "../../lab/mesh.bench.js";
import { measureMesh } from "./benches.js";
import type { BenchFigure } from "./figure.js";

const HOSTS = [2, 10, 50, 200] as const;

/** Meshes of hosts by hand: what one costs to build and to hold, and what one broadcast through it costs. */
export function meshFigures(heapUsed: () => number): BenchFigure[] {
  return HOSTS.flatMap((hosts) => figuresOf(measureMesh(() => performance.now(), heapUsed, hosts)));
}

function figuresOf({ hosts, buildMs, bytes, broadcastMs, frames }: MeshResult): BenchFigure[] {
  const mesh = `mesh of ${hosts} hosts:`;
  return [
    { name: `${mesh} time to build`, value: Math.round(buildMs) / 1e3, unit: "s" },
    { name: `${mesh} memory`, value: Math.round(bytes / 1e5) / 10, unit: "MB" },
    { name: `${mesh} one broadcast`, value: Math.round(broadcastMs * 100) / 100, unit: "ms" },
    { name: `${mesh} frames of one broadcast on the underlay`, value: frames, unit: "frames" },
  ];
}

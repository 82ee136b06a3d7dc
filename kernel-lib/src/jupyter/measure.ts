import { performance } from "node:perf_hooks";
import { KernelClient } from "./client.js";

/** How fast the kernel is on this machine, in milliseconds. */
export interface KernelMeasure {
  /** From the start of the process to the result of a first cell. */
  readonly startToFirstResultMs: number;
  /** One cell `1 + 1` in a kernel that runs, from request to idle: the median. */
  readonly trivialCellMs: number;
}

const TRIVIAL_CELLS = 50;

/** Measures the kernel for `npm run bench`: starts one in the folder, runs one cell, then fifty. */
export async function measureKernel(cwd: string = process.cwd()): Promise<KernelMeasure> {
  const start = performance.now();
  const client = await KernelClient.start(cwd);
  try {
    await client.execute("1 + 1");
    const startToFirstResultMs = performance.now() - start;
    const times: number[] = [];
    for (let i = 0; i < TRIVIAL_CELLS; i++) {
      const before = performance.now();
      await client.execute(`1 + ${i}`);
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    return { startToFirstResultMs, trivialCellMs: times[TRIVIAL_CELLS / 2]! };
  } finally {
    await client.shutdown();
  }
}

/** The measure as lines of text. */
export function describeKernelMeasure(measure: KernelMeasure): string {
  return [
    `kernel start to first result  ${measure.startToFirstResultMs.toFixed(0)} ms`,
    `trivial cell (median)         ${measure.trivialCellMs.toFixed(1)} ms`,
  ].join("\n");
}

import type { Worker } from "node:worker_threads";
import type { ChartSpec } from "./chart-spec.js";

export interface SvgRequest {
  readonly id: number;
  readonly spec: ChartSpec;
  readonly seed: number;
}

export type SvgAnswer =
  | { readonly id: number; readonly svg: string }
  | { readonly id: number; readonly error: string };

/** Whether a plot can be drawn without a page. */
export const DRAWS_SVG = true;

interface Pending {
  readonly resolve: (svg: string) => void;
  readonly reject: (error: Error) => void;
}

/** A thread beside the notebook's: Plotly takes a second to load, and loads while the first cells run. */
class SvgThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private nextId = 0;

  constructor(script: URL) {
    const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
    this.worker = new Thread(script);
    this.worker.unref();
    this.worker.on("message", (answer: SvgAnswer) => this.settle(answer));
    this.worker.on("error", (error) => {
      for (const { reject } of this.pending.values()) reject(error);
      this.pending.clear();
    });
  }

  draw(spec: ChartSpec, seed: number): Promise<string> {
    const id = this.nextId++;
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, spec, seed } satisfies SvgRequest);
    });
  }

  private settle(answer: SvgAnswer): void {
    const waiting = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    if (this.pending.size === 0) this.worker.unref();
    if ("svg" in answer) waiting?.resolve(answer.svg);
    else waiting?.reject(new Error(answer.error));
  }
}

let thread: SvgThread | null = null;

/** Starts the thread before the first picture is wanted. Run from sources (tests) there is none: pictures are then drawn where they are asked for. */
export function startDrawing(): void {
  if (import.meta.url.endsWith(".ts")) return;
  thread ??= new SvgThread(new URL("./svg-worker.js", import.meta.url));
}

export async function renderSvg(spec: ChartSpec, seed: number): Promise<string> {
  startDrawing();
  if (thread !== null) return thread.draw(spec, seed);
  const { drawSvg } = await import("./draw-svg.js");
  return drawSvg(spec, seed);
}

import { drawSvg, loadPlotly } from "./draw-svg.js";
import type { SvgAnswer, SvgRequest } from "./svg-node.js";

/** The thread that draws: it loads Plotly at once, and then answers one request after the other. */
const { parentPort } = process.getBuiltinModule("node:worker_threads");

loadPlotly();
parentPort?.on("message", ({ id, spec, seed }: SvgRequest) => {
  let answer: SvgAnswer;
  try {
    answer = { id, svg: drawSvg(spec, seed) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort.postMessage(answer);
});

/** Stands for `svg-node.ts` in a browser's bundle: there Plotly draws into the page, and the thread that draws SVG is not there. */
export const DRAWS_SVG = false;

export function startDrawing(): void {}

export async function renderSvg(): Promise<string> {
  throw new Error("the still picture of a plot needs Node: in a browser Plotly draws into the page");
}

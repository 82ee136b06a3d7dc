import { FONT, INK } from "./palette.js";

export const GRID = "#e6e8eb";

/** What the charts of loads have in common. `size` is the whole picture in pixels, `top` the room for title and legend. */
export function loadLayout(
  title: string,
  size: {
    readonly width: number;
    readonly height: number;
    readonly left?: number;
    readonly top?: number;
    readonly bottom?: number;
  },
): { readonly width: number; readonly height: number } & Readonly<Record<string, unknown>> {
  const { width, height, left = 64, top = 84, bottom = 56 } = size;
  return {
    width,
    height,
    title: { text: title, font: { size: 15 }, y: 1 - 20 / height, yanchor: "top" },
    font: { family: FONT, size: 12, color: INK },
    margin: { l: left, r: 20, t: top, b: bottom },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
  };
}

export function thousands(count: number): string {
  return count.toLocaleString("en");
}

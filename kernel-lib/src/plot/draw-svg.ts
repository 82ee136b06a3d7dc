import { JSDOM } from "jsdom";
import { Random } from "../sim/random.js";
import type { ChartSpec } from "./chart-spec.js";

/**
 * Draws a Plotly figure to SVG text without a browser: plotly.js in jsdom, which has no layout engine, so the few measurements that Plotly asks
 * for are answered from the number of characters. Chance inside Plotly (ids of clip paths) is seeded, so one figure is always the same bytes.
 */
interface PlotlyWindow extends Window {
  readonly Plotly: { newPlot(element: Element, data: unknown, layout: unknown, config: unknown): unknown };
  readonly Math: Math;
  readonly document: Document;
  eval(code: string): unknown;
}

let opened: PlotlyWindow | null = null;

/** Loads jsdom and Plotly, so that the first picture does not wait for them. */
export function loadPlotly(): void {
  opened ??= openWindow();
}

export function drawSvg(spec: ChartSpec, seed: number): string {
  opened ??= openWindow();
  const random = new Random(seed, "plot");
  opened.Math.random = () => random.unit();
  const { document } = opened;
  const element = document.createElement("div");
  document.body.appendChild(element);
  try {
    opened.Plotly.newPlot(element, structuredClone(spec.data), structuredClone(spec.layout), {
      staticPlot: true,
    });
    return joinLayers(element, spec);
  } finally {
    element.remove();
  }
}

/**
 * Plotly stacks several <svg> layers; a picture is one <svg> that holds them in order. The ground, which Plotly leaves to the page's style, is part of it:
 * dark letters must be read in a dark notebook too.
 */
function joinLayers(element: Element, spec: ChartSpec): string {
  const layers = [...element.querySelectorAll("svg.main-svg")].map((layer) => layer.innerHTML).join("");
  const { width, height, paper_bgcolor: paper = "#ffffff" } = spec.layout;
  const ground = `<rect width="${width}" height="${height}" fill="${paper}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="main-svg">${ground}${layers}</svg>`;
}

function openWindow(): PlotlyWindow {
  const { window } = new JSDOM("<!doctype html><body></body>", { runScripts: "outside-only" });
  answerMeasurements(window as unknown as Record<string, { prototype: Record<string, unknown> }>);
  window.URL.createObjectURL = () => "";
  const plotly = window as unknown as PlotlyWindow;
  plotly.eval(readPlotly());
  return plotly;
}

function readPlotly(): string {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  return readFileSync(new URL(import.meta.resolve("plotly.js")), "utf8");
}

/** Average width of a character of the fonts that Plotly uses, in parts of the font size. */
const CHARACTER_WIDTH = 0.58;
/** The part of a text's width that lies before its anchor. */
const ANCHORED: Readonly<Record<string, number>> = { middle: 0.5, end: 1 };

function answerMeasurements(window: Record<string, { prototype: Record<string, unknown> }>): void {
  const box = (element: Element) => {
    const size =
      Number.parseFloat(
        (element as SVGElement).style?.fontSize || element.getAttribute("font-size") || "12",
      ) || 12;
    const width = (element.textContent ?? "").length * size * CHARACTER_WIDTH;
    return {
      left: -width * (ANCHORED[element.getAttribute("text-anchor") ?? ""] ?? 0),
      width,
      height: size * 1.2,
    };
  };
  window.HTMLCanvasElement!.prototype.getContext = () => null;
  window.SVGElement!.prototype.getComputedTextLength = function (this: Element) {
    return box(this).width;
  };
  window.SVGElement!.prototype.getBBox = function (this: Element) {
    const { left, width, height } = box(this);
    return { x: left, y: -height, width, height };
  };
  window.Element!.prototype.getBoundingClientRect = function (this: Element) {
    const { left, width, height } = box(this);
    return { x: left, y: 0, top: 0, left, right: left + width, bottom: height, width, height };
  };
}

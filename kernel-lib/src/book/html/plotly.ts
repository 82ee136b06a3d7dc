import { escapeHtml, jsonScript, type Markup } from "./markup.js";

/** The mime type under which a figure of Plotly stands in an output. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";

/** Traces that the basic bundle draws. */
const TRACES = ["scatter", "bar", "pie"];

/** A figure's data as a script element that no browser runs: the page's own script reads it. */
export function plotlyData(figure: unknown, refuse: (why: string) => never): Markup {
  if (figure === null || typeof figure !== "object") return refuse("a Plotly figure must be an object");
  const { data, layout } = figure as { data?: unknown; layout?: unknown };
  if (!Array.isArray(data)) return refuse("a Plotly figure must have an array “data”");
  for (const trace of data) {
    const type = (trace as { type?: unknown } | null)?.type ?? "scatter";
    if (!TRACES.includes(type as string))
      return refuse(`Plotly trace “${String(type)}” is not supported; known are ${TRACES.join(", ")}`);
  }
  const kept = { data, layout: layout ?? {} };
  refuseLoading(kept, refuse);
  return jsonScript(kept, { class: "plot-data" });
}

/** Plotly takes addresses in few places, images above all; a page of the book asks no other host. */
function refuseLoading(value: unknown, refuse: (why: string) => never): void {
  if (typeof value === "string") {
    if (/javascript:|<\s*a\s/i.test(value))
      refuse(`a Plotly figure may not hold a link: ${escapeHtml(value.slice(0, 60))}`);
    if (/^\s*(https?:)?\/\//i.test(value)) refuse(`a Plotly figure may not load ${value.slice(0, 60)}`);
  } else if (value !== null && typeof value === "object") {
    for (const item of Object.values(value)) refuseLoading(item, refuse);
  }
}

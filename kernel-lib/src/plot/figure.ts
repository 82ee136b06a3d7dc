import { DISPLAY, type Displayable, hasDisplaySink, type MimeBundle } from "../base/display.js";
import { hashText } from "../sim/random.js";
import type { ChartSpec } from "./chart-spec.js";
import { type DrawingTable, TABLE_MIME } from "./drawing-table.js";

/** Within a notebook, pictures will be wanted: what draws them is loaded beside the first cells. */
export function prepareDrawing(): void {
  if (hasDisplaySink()) void import("./svg-node.js").then(({ startDrawing }) => startDrawing());
}

/**
 * A chart: Plotly JSON for JupyterLab and the live page, SVG for print and pages without JavaScript, one line of text for a terminal and
 * for readers who hear the page.
 */
export class Figure implements Displayable {
  constructor(
    readonly spec: ChartSpec,
    /** What the picture shows, in one sentence. */
    readonly description: string,
  ) {}

  /** The static picture. Needs Node: in a browser Plotly draws into the page. */
  async svg(): Promise<string> {
    const { renderSvg } = await import("./svg-node.js");
    return describeSvg(await renderSvg(this.spec, hashText(JSON.stringify(this.spec))), this.description);
  }

  toString(): string {
    return this.description;
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const { DRAWS_SVG } = await import("./svg-node.js");
    return {
      "application/vnd.plotly.v1+json": {
        data: this.spec.data,
        layout: this.spec.layout,
        config: { displaylogo: false, responsive: true },
      },
      ...(DRAWS_SVG ? { "image/svg+xml": await this.svg() } : {}),
      "text/plain": this.description,
    };
  }
}

/** A drawing that is SVG from the start (topology, sequence): nothing for Plotly in it. */
export class Drawing implements Displayable {
  private readonly picture: string;

  constructor(
    svg: string,
    readonly description: string,
    /** The same in rows; null for a drawing whose data stand beside it anyway. */
    readonly table: DrawingTable | null = null,
  ) {
    this.picture = describeSvg(svg, description);
  }

  async svg(): Promise<string> {
    return this.picture;
  }

  toString(): string {
    return this.description;
  }

  [DISPLAY](): MimeBundle {
    const table = this.table === null ? {} : { [TABLE_MIME]: this.table };
    return { "image/svg+xml": this.picture, ...table, "text/plain": this.description };
  }
}

/** Gives the picture a role and its description as the accessible name. */
function describeSvg(svg: string, description: string): string {
  const label = description.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return svg.replace("<svg ", `<svg role="img" aria-label="${label}" `);
}

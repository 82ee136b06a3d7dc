/** A Plotly figure as plain JSON. The layout has a fixed size, so that the static picture is the same everywhere. */
export interface ChartSpec {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>> & { readonly width: number; readonly height: number };
}

/** The data behind a plot as a table of plain text. */
export interface PlotTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A row for each value drawn; where several lines or stacks share one numeric axis, a row for each place on it and a column for each of them. */
export function plotTable({ data, layout }: { readonly data: unknown; readonly layout: unknown }): PlotTable {
  const traces = (Array.isArray(data) ? data : []).filter(isFields).filter((trace) => points(trace) > 0);
  const frame = isFields(layout) ? layout : {};
  const caption = `Data: ${titleOf(frame) || "the plot"}`;
  return {
    caption,
    ...(sharedAxis(traces, frame) ? sideBySide(traces, frame) : oneBelowAnother(traces, frame)),
  };
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** How many values a trace has. */
function points(trace: Fields): number {
  const { x, y, values } = trace;
  return Math.max(list(x).length, list(y).length, list(values).length);
}

/** Text of a figure without the little markup that Plotly knows. */
function plain(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return String(value ?? "")
    .replace(/<br\s*\/?>/g, "; ")
    .replace(/<[^>]*>/g, "");
}

function titleOf(of: Fields): string {
  const { title } = of;
  return plain(isFields(title) ? title.text : title);
}

function axis(layout: Fields, name: "xaxis" | "yaxis"): Fields {
  const found = layout[name];
  return isFields(found) ? found : {};
}

/** Several series against one axis of numbers that has no names for its places, most of which they share. */
function sharedAxis(traces: readonly Fields[], layout: Fields): boolean {
  if (traces.length < 2 || "ticktext" in axis(layout, "xaxis") || "ticktext" in axis(layout, "yaxis"))
    return false;
  if (traces.some((trace) => trace.orientation === "h" || list(trace.x).length === 0 || "base" in trace))
    return false;
  const places = traces.map(({ x }) => list(x).map(Number));
  if (places.flat().some(Number.isNaN) || places.some((xs) => new Set(xs).size < xs.length)) return false;
  return new Set(places.flat()).size < places.flat().length;
}

function sideBySide(traces: readonly Fields[], layout: Fields): Pick<PlotTable, "head" | "rows"> {
  const places = [...new Set(traces.flatMap(({ x }) => list(x).map(Number)))].sort((a, b) => a - b);
  const unit = titleOf(axis(layout, "yaxis"));
  const head = [
    titleOf(axis(layout, "xaxis")) || "x",
    ...traces.map(({ name }, i) => `${plain(name) || `series ${i + 1}`}${unit === "" ? "" : `, ${unit}`}`),
  ];
  const rows = places.map((place) => [
    plain(place),
    ...traces.map(({ x, y }) => {
      const at = list(x).findIndex((value) => Number(value) === place);
      return at < 0 ? "" : plain(list(y)[at]);
    }),
  ]);
  return { head, rows };
}

/** What a place on an axis is called: its tick's text where it has one. */
function placeName(of: Fields, value: unknown): string {
  const at = list(of.tickvals).indexOf(value);
  return at < 0 ? plain(value) : plain(list(of.ticktext)[at]);
}

interface Column {
  readonly title: string;
  readonly cell: (trace: Fields, i: number) => string;
}

function oneBelowAnother(traces: readonly Fields[], layout: Fields): Pick<PlotTable, "head" | "rows"> {
  const [x, y] = [axis(layout, "xaxis"), axis(layout, "yaxis")];
  const has = (name: string) => traces.some((trace) => list(trace[name]).length > 0);
  const across = traces.some(({ orientation }) => orientation === "h");
  const value = (name: "x" | "y", of: Fields): Column => ({
    title: titleOf(of) || ("ticktext" in of || "categoryarray" in of ? "place" : name),
    cell: (trace, i) => placeName(of, list(trace[name])[i]),
  });
  const columns: Column[] = [
    ...(traces.some(({ name }) => name !== undefined) && traces.length > 1
      ? [{ title: "series", cell: (trace: Fields) => plain(trace.name) }]
      : []),
    ...(has("values") ? [listColumn("labels", "part"), listColumn("values", "value")] : []),
    ...(has("x") || has("y")
      ? across
        ? [value("y", y), value("x", x)]
        : [value("x", x), value("y", y)]
      : []),
    ...(has("base") ? [listColumn("base", "begins at")] : []),
    ...(has("text") && !has("hovertext") ? [listColumn("text", "value")] : []),
    ...(has("hovertext") ? [listColumn("hovertext", "in words")] : []),
  ];
  const rows = traces.flatMap((trace) =>
    Array.from({ length: points(trace) }, (_, i) => columns.map(({ cell }) => cell(trace, i))),
  );
  return { head: columns.map(({ title }) => title), rows };
}

function listColumn(name: string, title: string): Column {
  return { title, cell: (trace, i) => plain(list(trace[name])[i]) };
}

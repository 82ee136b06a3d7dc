import type { Show } from "./format.js";
import { inspect } from "./inspect.js";

const INDEX = "(index)";
const VALUES = "Values";

/** Inside a table a value is one line. */
const cell = (value: unknown, show: Show): string =>
  show(value, { maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY, depth: isDeep(value) ? -1 : 0 });

function isDeep(value: unknown): boolean {
  return (
    value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 2
  );
}

/** What `console.table` of Node 20 prints, without the last line's end; null for a value that has no rows. */
export function formatTable(data: unknown, columns?: readonly string[], show: Show = inspect): string | null {
  if (data === null || typeof data !== "object") return null;
  const isMap = data instanceof Map;
  const isSet = data instanceof Set;
  const rows: [string, unknown][] = isMap
    ? [...data].map(([key, value], i) => [String(i), { Key: key, Values: value }])
    : isSet
      ? [...data].map((value, i) => [String(i), value])
      : Object.entries(data);
  const names: string[] = columns === undefined ? [] : [...columns];
  let plain = false;
  for (const [, row] of rows) {
    if (row === null || typeof row !== "object") plain = true;
    else if (columns === undefined)
      for (const name of Object.keys(row)) if (!names.includes(name)) names.push(name);
  }
  const head = [isMap || isSet ? "(iteration index)" : INDEX, ...names, ...(plain ? [VALUES] : [])];
  const body = rows.map(([index, row]) => {
    const fields = row !== null && typeof row === "object" ? (row as Record<string, unknown>) : null;
    const shown = names.map((name) =>
      fields !== null && Object.hasOwn(fields, name) ? cell(fields[name], show) : "",
    );
    return [index, ...shown, ...(plain ? [fields === null ? cell(row, show) : ""] : [])];
  });
  return drawTable(head, body);
}

function drawTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(...[name, ...body.map((row) => row[i]!)].map(columnsOf)) + 2);
  const line = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const row = (cells: readonly string[]) => `│${cells.map((text, i) => padded(text, widths[i]!)).join("│")}│`;
  return [line("┌", "┬", "┐"), row(head), line("├", "┼", "┤"), ...body.map(row), line("└", "┴", "┘")].join(
    "\n",
  );
}

const columnsOf = (text: string): number => [...text].length;

const padded = (text: string, width: number): string => ` ${text}${" ".repeat(width - 1 - columnsOf(text))}`;

import { marshal } from "../go/json.js";
import { alignTable, type TableShape } from "../go/tabwriter.js";
import { GoObject, type GoValue } from "../go/value.js";
import { Template } from "../template/template.js";
import type { EngineVersion } from "../versions/engine-version.js";

/** Columns that a listing can show: how a row is read, and the heading. */
export interface Columns<Row> {
  /** Go's name of the row's type, for messages. */
  readonly type: string;
  readonly fields: Readonly<
    Record<
      string,
      {
        readonly heading: string;
        readonly value: (row: Row, argument: string) => GoValue;
        readonly takesArgument?: boolean;
      }
    >
  >;
}

/** The tables of a release: columns are at least 20 wide until 19.03, 10 from 20.10 on. */
export function tableShape({ messages, release }: EngineVersion): TableShape {
  const wide = messages !== "28" && !release.startsWith("20.10");
  return { minimumWidth: wide ? 20 : 10, padding: 3 };
}

/** Prints rows by a format: `table …`, `json`, or a template for each row. Throws TemplateError. */
export function formatRows<Row>(
  format: string,
  columns: Columns<Row>,
  rows: readonly Row[],
  shape: TableShape = { minimumWidth: 10, padding: 3 },
): string {
  const table = /^table(\s|$)/.test(format);
  const source = format
    .replace(/^table\s*/, "")
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n");
  if (source === "json") return rows.map((row) => `${marshal(objectOf(columns, row))}\n`).join("");
  const template = new Template(source);
  const lines = rows.map((row) => `${template.execute(objectOf(columns, row))}\n`);
  if (!table) return lines.join("");
  return alignTable([`${template.execute(headings(columns))}\n`, ...lines].join(""), shape);
}

function objectOf<Row>(columns: Columns<Row>, row: Row): GoObject {
  const entries = Object.entries(columns.fields);
  const methods = new Map(
    entries.map(([name, field]) => [name, (argument = "") => field.value(row, argument)]),
  );
  return new GoObject(columns.type, methods, withArgument(columns));
}

function headings<Row>(columns: Columns<Row>): GoObject {
  const methods = new Map(
    Object.entries(columns.fields).map(([name, field]) => [
      name,
      (argument = "") => (field.takesArgument ? argument : field.heading),
    ]),
  );
  return new GoObject("formatter.SubHeaderContext", methods, withArgument(columns));
}

function withArgument<Row>(columns: Columns<Row>): Set<string> {
  return new Set(
    Object.entries(columns.fields).flatMap(([name, field]) => (field.takesArgument ? [name] : [])),
  );
}

/** Cuts to `length` characters, the last one an ellipsis (formatter.Ellipsis). */
export function ellipsis(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** `--filter key=value`, repeated. */
export function readFilters(
  given: readonly string[],
  known: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, string[]>();
  for (const text of given) {
    const at = text.indexOf("=");
    if (at < 0)
      throw new FilterError(
        `invalid argument "${text}" for "-f, --filter" flag: bad format of filter (expected name=value)`,
        true,
      );
    const key = text.slice(0, at).trim().toLowerCase();
    if (!known.includes(key)) throw new FilterError(key, false);
    filters.set(key, [...(filters.get(key) ?? []), text.slice(at + 1).trim()]);
  }
  return filters;
}

export class FilterError extends Error {
  constructor(
    message: string,
    readonly malformed: boolean,
  ) {
    super(message);
  }
}

import type { Context } from "./options.js";

/** Columns that a text takes on a terminal. Divergence: wide and combining characters count as one column, as most do. */
const width = (text: string): number => [...text.normalize("NFC")].length;

/** Room between two entries: the comma and a space. */
const SEPARATOR = 2;

/** Lists with more entries than this are put in columns where they are short. */
const FEW = 6;

interface Columns {
  readonly count: number;
  readonly widths: readonly number[];
}

/** How many columns make the list look about square; null when it is no list for columns. */
function columnsOf(context: Context, output: readonly string[], lengths: readonly number[]): Columns | null {
  const total = lengths.reduce((sum, length) => sum + length + SEPARATOR, 0);
  const longest = Math.max(0, ...lengths);
  const widest = longest + SEPARATOR;
  if (widest * 3 + context.indentation >= context.breakLength) return null;
  if (total / widest <= 5 && longest > 6) return null;
  const bias = Math.sqrt(widest - total / output.length);
  const biased = Math.max(widest - 3 - bias, 1);
  const count = Math.min(
    Math.round(Math.sqrt(2.5 * biased * lengths.length) / biased),
    Math.floor((context.breakLength - context.indentation) / widest),
    context.compact * 4,
    15,
  );
  if (count <= 1) return null;
  const widths = Array.from({ length: count }, (_, column) => {
    let most = 0;
    for (let i = column; i < output.length; i += count) most = Math.max(most, lengths[i] ?? 0);
    return most + SEPARATOR;
  });
  return { count, widths };
}

/** Puts the entries of a list in columns: numbers to the right, anything else to the left. */
function inColumns(context: Context, output: string[], value: readonly unknown[] | undefined): string[] {
  const cut = context.maxArrayLength < output.length;
  const entries = cut ? output.slice(0, -1) : output;
  const lengths = entries.map(width);
  const columns = columnsOf(context, output, lengths);
  if (columns === null) return output;
  const isNumber = (item: unknown) => typeof item === "number" || typeof item === "bigint";
  const toRight = value !== undefined && output.every((_, i) => isNumber(value[i]));
  const lines: string[] = [];
  for (let from = 0; from < entries.length; from += columns.count) {
    const row = entries.slice(from, from + columns.count);
    lines.push(
      row
        .map((entry, column) => {
          const last = column === row.length - 1;
          const room = columns.widths[column]! + entry.length - lengths[from + column]!;
          if (toRight) return last ? entry.padStart(room - SEPARATOR) : `${entry}, `.padStart(room);
          return last ? entry : `${entry}, `.padEnd(room);
        })
        .join(""),
    );
  }
  return cut ? [...lines, output.at(-1)!] : lines;
}

function fitsLine(context: Context, output: readonly string[], start: number, base: string): boolean {
  let total = output.length + start;
  if (total + output.length > context.breakLength) return false;
  for (const entry of output) {
    total += entry.length;
    if (total > context.breakLength) return false;
  }
  return base === "" || !base.includes("\n");
}

export interface Parts {
  readonly base: string;
  readonly braces: readonly [string, string];
  readonly isList: boolean;
  readonly value?: readonly unknown[] | undefined;
}

/** Joins an object's entries: on one line when they are short and not deep, else each on its own. */
export function joinEntries(
  context: Context,
  entries: string[],
  level: number,
  { base, braces, isList, value }: Parts,
): string {
  const before = base === "" ? "" : `${base} `;
  let output = entries;
  if (context.compact >= 1) {
    if (isList && entries.length > FEW) output = inColumns(context, entries, value);
    if (context.currentDepth - level < context.compact && output.length === entries.length) {
      const start = output.length + context.indentation + braces[0].length + base.length + 10;
      const joined = output.join(", ");
      if (fitsLine(context, output, start, base) && !joined.includes("\n"))
        return `${before}${braces[0]} ${joined} ${braces[1]}`;
    }
  }
  const line = `\n${" ".repeat(context.indentation)}`;
  return `${before}${braces[0]}${line}  ${output.join(`,${line}  `)}${line}${braces[1]}`;
}

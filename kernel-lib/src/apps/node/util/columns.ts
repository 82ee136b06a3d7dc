interface Page {
  readonly compact: number;
  readonly breakLength: number;
  readonly indentation: number;
  readonly maxArrayLength: number;
  /** Items of the array. */
  readonly length: number;
  /** Only numbers: they stand to the right. */
  readonly numbers: boolean;
}

/** Puts the entries of a long array into columns (groupArrayElements of Node's lib/internal/util/inspect.js). */
export function groupColumns(output: readonly string[], page: Page): string[] {
  let total = 0;
  let longest = 0;
  const extra = page.maxArrayLength < page.length ? 1 : 0;
  const count = output.length - extra;
  const lengths: number[] = [];
  for (let i = 0; i < count; i++) {
    const length = output[i]!.length;
    lengths.push(length);
    total += length + 2;
    if (longest < length) longest = length;
  }
  const actual = longest + 2;
  if (!(actual * 3 + page.indentation < page.breakLength && (total / actual > 5 || longest <= 6)))
    return [...output];
  const bias = Math.sqrt(actual - total / output.length);
  const biased = Math.max(actual - 3 - bias + 1, 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((page.breakLength - page.indentation) / actual),
    page.compact * 4,
    15,
  );
  if (columns <= 1) return [...output];
  const widths: number[] = [];
  for (let i = 0; i < columns; i++) {
    let width = 0;
    for (let j = i; j < count; j += columns) width = Math.max(width, lengths[j]!);
    widths.push(width + 2);
  }
  const rows: string[] = [];
  for (let i = 0; i < count; i += columns) {
    const last = Math.min(i + columns, count) - 1;
    let row = "";
    for (let j = i; j < last; j++) {
      const cell = `${output[j]}, `;
      row += page.numbers ? cell.padStart(widths[j - i]!) : cell.padEnd(widths[j - i]!);
    }
    row += page.numbers ? output[last]!.padStart(widths[last - i]! - 2) : output[last]!;
    rows.push(row);
  }
  if (extra > 0) rows.push(output[count]!);
  return rows;
}

/** Docker's tables: text/tabwriter with minimum cell width 10, padding 3 (cli/command/formatter: NewWriter(out, 10, 1, 3, ' ', 0); 20 before 20.10). */
export interface TableShape {
  readonly minimumWidth: number;
  readonly padding: number;
}

/**
 * Aligns tab-terminated cells. A column is a run of consecutive lines that have a cell there, as text/tabwriter defines it; the text after
 * a line's last tab belongs to no column.
 */
export function alignTable(text: string, { minimumWidth, padding }: TableShape): string {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const widths = lines.map((cells) => new Array<number>(cells.length).fill(0));
  for (let row = 0; row < lines.length; row++) {
    for (let column = 0; column < lines[row]!.length - 1; column++) {
      if (widths[row]![column]! === 0) sizeBlock(lines, widths, row, column, minimumWidth, padding);
    }
  }
  return lines
    .map((cells, row) =>
      cells
        .map((cell, column) =>
          column < cells.length - 1 ? cell.padEnd(widths[row]![column]! - wide(cell)) : cell,
        )
        .join(""),
    )
    .join("\n");
}

/** UTF-8 text counts in runes, as tabwriter does; JavaScript counts UTF-16 units. */
function wide(cell: string): number {
  return [...cell].length - cell.length;
}

function sizeBlock(
  lines: string[][],
  widths: number[][],
  first: number,
  column: number,
  minimumWidth: number,
  padding: number,
): void {
  let last = first;
  let width = minimumWidth;
  for (; last < lines.length && column < lines[last]!.length - 1; last++)
    width = Math.max(width, [...lines[last]![column]!].length + padding);
  for (let row = first; row < last; row++) widths[row]![column] = width;
}

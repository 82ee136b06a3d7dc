import { sortKeys } from "../base/notebook.js";
import { type Cell, isCode, type Notebook, type Output } from "./notebook.js";

/** One code cell whose outputs are not those that the file holds. */
export interface OutputDifference {
  /** The cell as messages name it. */
  readonly cell: string;
  /** `-` lines are stored, `+` lines came now. */
  readonly lines: readonly string[];
}

/** At most this many lines of each side are shown. */
const SHOWN = 20;

/** Compares the outputs of two notebooks with the same cells. */
export function compareOutputs(stored: Notebook, made: Notebook): OutputDifference[] {
  const differences: OutputDifference[] = [];
  for (const [i, cell] of made.cells.entries()) {
    const before = stored.cells[i];
    if (!isCode(cell) || !before) continue;
    const [old, now] = [outputLines(before), outputLines(cell)];
    if (old.join("\n") === now.join("\n")) continue;
    differences.push({ cell: `cell [${cell.execution_count}] (${cell.id})`, lines: diffLines(old, now) });
  }
  return differences;
}

function outputLines(cell: Cell): string[] {
  if (!isCode(cell)) return [];
  const count = cell.execution_count === null ? ["not executed"] : [`executed as [${cell.execution_count}]`];
  return [...count, ...joinStreams(cell.outputs).flatMap(linesOf)];
}

/** Pieces of one stream that follow each other are one text: clients differ in where they cut it. */
function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      joined[joined.length - 1] = { ...last, text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}

function linesOf(output: Output): string[] {
  switch (output.output_type) {
    case "stream":
      return [`${output.name}:`, ...indent(output.text)];
    case "error":
      return [`error ${output.ename}: ${output.evalue}`, ...output.traceback.flatMap((text) => indent(text))];
    default:
      return Object.entries(output.data)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([type, data]) => [
          `${output.output_type} ${type}:`,
          ...indent(typeof data === "string" ? data : JSON.stringify(sortKeys(data), null, 1)),
        ]);
  }
}

const indent = (text: string): string[] => text.split("\n").map((line) => `  ${line}`);

/** What lies between the lines that both begin with and both end with, with one line around it. */
function diffLines(old: readonly string[], now: readonly string[]): string[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const room = Math.min(old.length, now.length) - start;
  while (end < room && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const context = start > 0 ? [`  ${old[start - 1]}`] : [];
  return [
    ...context,
    ...marked("-", old.slice(start, old.length - end)),
    ...marked("+", now.slice(start, now.length - end)),
  ];
}

function marked(mark: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, SHOWN).map((line) => `${mark} ${line}`);
  return lines.length > SHOWN ? [...shown, `${mark} … ${lines.length - SHOWN} more lines`] : shown;
}

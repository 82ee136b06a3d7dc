import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter.js";
import type { CellPlaces } from "./cell-places.js";

/** Why a cell failed, in the form of Jupyter's `error` message. */
export interface CellFailure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";

/** A cell that was broken off by the reader. */
export const INTERRUPTED: CellFailure = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: [`${RED}Interrupted${PLAIN}: the cell was interrupted`],
};

/** The compiler's findings, each with its place, the line of code and carets beneath what is wrong. */
export function typeFailure(diagnostics: readonly Diagnostic[], label: string, source: string): CellFailure {
  const lines = source.split("\n");
  const groups = joinChains(diagnostics.map((diagnostic) => withinCell(diagnostic, lines)));
  const first = groups[0]!;
  const syntax = groups.every((group) => isSyntax(group.code));
  return {
    ename: syntax ? "SyntaxError" : "TypeScriptError",
    evalue: `${placeOf(first, label)} - TS${first.code}: ${first.messages[0]}`,
    traceback: groups.flatMap((group) => [
      `${placeOf(group, label)} - ${RED}error${PLAIN} TS${group.code}: ${group.messages.join("\n")}`,
      ...(group.fileName ? [] : excerpt(lines[group.start.line], group.start.line + 1, group)),
      "",
    ]),
  };
}

/** The compiler sees some lines behind the cell: what is missing at the end is reported at the end of the cell. */
function withinCell(diagnostic: Diagnostic, lines: readonly string[]): Diagnostic {
  if (diagnostic.fileName !== undefined || diagnostic.start.line < lines.length) return diagnostic;
  const line = lines.length - 1;
  const place = { ...diagnostic.start, line, character: lines[line]!.trimEnd().length };
  return { ...diagnostic, start: place, end: place };
}

/** TypeScript numbers its syntax errors from 1000 to 1999. */
const isSyntax = (code: number): boolean => code >= 1000 && code < 2000;

interface Finding {
  readonly start: Diagnostic["start"];
  readonly end: Diagnostic["end"];
  readonly code: number;
  readonly fileName: string | undefined;
  readonly messages: string[];
}

/** tslab gives each sentence of a chained message as a diagnostic of its own: those at one place belong together. */
function joinChains(diagnostics: readonly Diagnostic[]): Finding[] {
  const findings: Finding[] = [];
  for (const { start, end, code, fileName, messageText } of diagnostics) {
    const last = findings.at(-1);
    const same = last && last.start.offset === start.offset && last.end.offset === end.offset;
    if (same && !isSyntax(code)) last.messages.push(`  ${messageText}`);
    else findings.push({ start, end, code, fileName, messages: [messageText] });
  }
  return findings;
}

function placeOf(finding: Finding, label: string): string {
  return `${finding.fileName ?? label}:${finding.start.line + 1}:${finding.start.character + 1}`;
}

function excerpt(
  line: string | undefined,
  number: number,
  finding: Pick<Finding, "start" | "end">,
): string[] {
  if (line === undefined) return [];
  const { start, end } = finding;
  const stop = end.line === start.line ? end.character : line.length;
  return [
    codeLine(number, line),
    caretLine(number, line, start.character, Math.max(1, stop - start.character)),
  ];
}

const codeLine = (number: number, line: string): string => `  ${number} | ${line}`;

function caretLine(number: number, line: string, column: number, width: number): string {
  const before = line.slice(0, column).replace(/[^\t]/g, " ");
  return `  ${" ".repeat(String(number).length)} | ${before}${RED}${"^".repeat(width)}${PLAIN}`;
}

const CELL_PLACE = /(cell \[[^\]]*\]):(\d+):(\d+)/;

/** What a cell threw: its name, its message, the line that threw and the calls that led there. */
export function thrownFailure(thrown: unknown, places: Pick<CellPlaces, "line">): CellFailure {
  if (!isError(thrown)) {
    const evalue = inspect(thrown, { depth: 2, breakLength: 100 });
    return { ename: "Uncaught", evalue, traceback: [`${RED}Uncaught${PLAIN}: ${evalue}`] };
  }
  const ename = String(thrown.name || "Error");
  const evalue = String(thrown.message ?? "");
  const stack = String(thrown.stack ?? "");
  const from = stack.search(/\n {4}at /);
  const calls = from < 0 ? [] : stack.slice(from + 1).split("\n");
  const headline = `${RED}${ename}${PLAIN}${evalue === "" ? "" : `: ${evalue}`}`;
  return {
    ename,
    evalue,
    traceback: [headline, ...thrownExcerpt(calls, places), ...calls, ...causes(thrown)],
  };
}

function thrownExcerpt(calls: readonly string[], places: Pick<CellPlaces, "line">): string[] {
  const found = CELL_PLACE.exec(calls.find((call) => CELL_PLACE.test(call)) ?? "");
  if (!found) return [];
  const number = Number(found[2]);
  const line = places.line(found[1]!, number);
  return line === undefined ? [] : [codeLine(number, line), caretLine(number, line, Number(found[3]) - 1, 1)];
}

function causes(thrown: Error): string[] {
  if (thrown.cause === undefined) return [];
  return [`Caused by: ${inspect(thrown.cause, { depth: 2, breakLength: 100 })}`];
}

/** Errors of another realm (a sandbox) have another `Error`. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
}

import type { OpenedTask } from "../replay/messages.js";
import type { CellRun } from "../result.js";
import type { SubmittedCell } from "./messages.js";

/** What left the sandbox, as far as it has the right form. */
export interface Collected {
  readonly opened: readonly OpenedTask[];
  readonly cells: readonly CellRun[];
  readonly warnings: readonly string[];
}

/** Most tasks that a notebook may open: twelve tasks, each a few times. */
const MOST_OPENED = 32;

/** Control characters but tab and line end: colours of a terminal, moves of its cursor, turns of the writing's direction. */
const CONTROLS =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a student's without control characters. */
export function plainText(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(CONTROLS, "");
}

/** Reads the runner's lines. A line that is not of its form is left out: code of the student's can write lines as well. */
export function collect(
  lines: readonly string[],
  cells: readonly SubmittedCell[],
  student: string,
): Collected {
  const opened: { readonly name: string; readonly entries: string[] }[] = [];
  const runs = new Map(
    cells.map(({ index }): [number, CellRun] => [index, { index, status: "skipped", text: "" }]),
  );
  const warnings = new Set<string>();
  for (const line of lines) {
    const message = readLine(line);
    if (message === null) warnings.add("the notebook wrote to the grader's own channel");
    else if (message.kind === "open") {
      if (opened.length === MOST_OPENED) warnings.add(`more than ${MOST_OPENED} tasks were opened`);
      opened.push({ name: text(message.name), entries: [] });
      if (message.student !== student)
        warnings.add(`a task in it was made for “${plainText(text(message.student)).slice(0, 80)}”`);
    } else if (message.kind === "entry") {
      opened[number(message.task)]?.entries.push(entryText(message.entry));
    } else if (runs.has(number(message.index))) {
      const index = number(message.index);
      const status = message.kind === "begin" ? "cut" : message.ok === true ? "ok" : "error";
      runs.set(index, { index, status, text: plainText(text(message.text)) });
    }
  }
  return { opened: opened.slice(0, MOST_OPENED), cells: [...runs.values()], warnings: [...warnings] };
}

type Fields = Readonly<Record<string, unknown>>;

function readLine(line: string): (Fields & { readonly kind: string }) | null {
  try {
    const message = JSON.parse(line) as Fields | null;
    const known = ["open", "entry", "begin", "end"].includes(message?.kind as string);
    return known ? (message as Fields & { readonly kind: string }) : null;
  } catch {
    return null;
  }
}

/** As text again: only the replay reads it. */
function entryText(entry: unknown): string {
  try {
    return JSON.stringify(entry) ?? "null";
  } catch {
    // Nested so deep that it cannot be written: no entry, which the replay says.
    return "null";
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, 100_000) : "");
const number = (value: unknown): number => (typeof value === "number" ? value : -1);

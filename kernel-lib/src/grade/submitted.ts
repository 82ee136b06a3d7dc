import { readFileSync, statSync } from "node:fs";
import { type Cell, joinText, type Notebook } from "../base/notebook.js";
import type { Assignment } from "./assignment/assignment.js";
import { TEXT_STUB } from "./assignment/regions.js";
import { readSubmitted } from "./intake/notebook.js";
import type { ManualCell } from "./result.js";
import { plainText } from "./run/collect.js";
import type { SubmittedCell } from "./run/messages.js";

/** Most bytes of a notebook's file: outputs are in it, which are not read. */
const MOST_BYTES = 50 * 2 ** 20;
/** Most characters of an explanation. */
const MOST_TEXT = 20_000;

/** A notebook as it was handed in. */
export interface Submitted {
  readonly code: readonly SubmittedCell[];
  readonly cells: readonly Cell[];
  readonly warnings: readonly string[];
}

/** Reads a notebook's file; gives the reason, as a text, where there is none to grade. */
export function readNotebookFile(path: string): Submitted | string {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) return `the notebook has ${size} bytes; the most that is read is ${MOST_BYTES}`;
    const intake = readSubmitted(readFileSync(path, "utf8"));
    if (intake.kind === "refused") return intake.reason;
    const { cells } = JSON.parse(intake.text) as Notebook;
    const code = cells.flatMap(({ cell_type, source }, index) =>
      cell_type === "code" ? [{ index, source: joinText(source) }] : [],
    );
    return { code, cells, warnings: intake.warnings };
  } catch (error) {
    return `the notebook cannot be read: ${(error as Error).message}`;
  }
}

/** The free texts of a notebook, by nbgrader's id: only that tells which question a text answers. One that is not there is empty. */
export function manualCells({ cells: asked }: Assignment, cells: readonly Cell[]): ManualCell[] {
  return asked
    .filter(({ kind }) => kind === "explain")
    .map(({ id, title, points, source }) => {
      const texts = cells.filter((cell) => gradeId(cell) === id).map((cell) => joinText(cell.source));
      const written = texts
        .map((text) => plainText(text).trim())
        .filter((text) => text !== "" && text !== source);
      const text = written.join("\n\n").replace(TEXT_STUB, "").trim().slice(0, MOST_TEXT);
      return { id, title, maxPoints: points, text };
    });
}

function gradeId({ metadata }: Cell): unknown {
  return (metadata.nbgrader as { grade_id?: unknown } | undefined)?.grade_id;
}

import { readCsv } from "./csv.js";
import type { Owner } from "./owner.js";

/** A class: who may hand in, and by which names the LMS knows them. */
export interface Roster {
  /** Moodle's grading worksheet, an export of Canvas' gradebook, or a list of one's own with the id in its first column. */
  readonly kind: "moodle" | "canvas" | "list";
  readonly head: readonly string[];
  readonly rows: readonly RosterRow[];
}

export interface RosterRow {
  /** The student's id, from which the variant is made. */
  readonly id: string;
  readonly fields: readonly string[];
}

/**
 * Reads a roster. The id of a student is Moodle's participant number (`Participant 123` is `123`), Canvas' `ID`, or the first column of a list: whatever else stands in a list's row is
 * another name of that student. Throws for two rows with one id.
 */
export function readRoster(text: string): Roster {
  const [head = [], ...rest] = readCsv(text);
  const kind = head.includes("Identifier") ? "moodle" : head.includes("SIS Login ID") ? "canvas" : "list";
  const named = /^(id|student|student[ _-]?id|user|username|login)$/i.test(head[0] ?? "");
  const body = kind === "list" && !named ? [head, ...rest] : rest;
  const column = kind === "moodle" ? head.indexOf("Identifier") : kind === "canvas" ? head.indexOf("ID") : 0;
  const rows = body.flatMap((fields) => {
    const id = (fields[column] ?? "").trim().replace(/^Participant (?=\d+$)/, "");
    return id === "" ? [] : [{ id, fields }];
  });
  const twice = rows.find(({ id }, i) => rows.findIndex((row) => row.id === id) < i);
  if (twice !== undefined) throw new Error(`the roster has the student “${twice.id}” twice`);
  return { kind, head, rows };
}

/** The id of the student to whom the LMS gave this name or number; null for one who is not on the roster, or who could be two. */
export function idOnRoster(
  { rows }: Roster,
  { student, name }: Pick<Owner, "student" | "name">,
): string | null {
  if (rows.some(({ id }) => id === student)) return student;
  const names = new Set([student, name].filter((each) => each !== ""));
  const found = rows.filter(({ fields }) => fields.some((field) => names.has(field.trim())));
  return found.length === 1 ? found[0]!.id : null;
}

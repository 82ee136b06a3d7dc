import { readRoster } from "../intake/roster.js";

/** What can be the name of a folder on every system, and is one word on a command line. */
const STUDENT = /^[A-Za-z0-9_](?:[\w.@+-]{0,98}[\w@+-])?$/;

/** The ids of a class, from a list or a CSV file. Throws an Error for one that cannot be a folder's name, and for one that is there twice. */
export function rosterIds(text: string): string[] {
  const plain = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n");
  return readRoster(plain).rows.map(({ id }) => checkStudentId(id));
}

export function checkStudentId(id: string): string {
  if (STUDENT.test(id)) return id;
  throw new Error(`“${id}” cannot be a student's id: letters, digits and _ . @ + - only, 100 at most`);
}

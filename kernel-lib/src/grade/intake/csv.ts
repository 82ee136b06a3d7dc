/**
 * A table as RFC 4180 has it, with a line end of LF. A text that a spreadsheet would take for a formula gets an apostrophe before it: names and answers are students' words.
 */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\n`).join("");
}

function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && value !== "-" ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads a table: fields in quotes may hold commas, quotes and line ends. A byte order mark and empty lines are passed over. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let value = "";
  let quoted = false;
  const source = text.replace(/^\uFEFF/, "");
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (quoted) {
      if (character !== '"') value += character;
      else if (source[i + 1] === '"') value += source[i++];
      else quoted = false;
    } else if (character === '"' && value === "") quoted = true;
    else if (character === "," || character === "\n") {
      rows.at(-1)!.push(value.replace(/\r$/, ""));
      value = "";
      if (character === "\n") rows.push([]);
    } else value += character;
  }
  if (value !== "" || rows.at(-1)!.length > 0) rows.at(-1)!.push(value.replace(/\r$/, ""));
  return rows.filter((row) => row.some((cell) => cell !== ""));
}

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const tables = fileURLToPath(new URL("../table/", import.meta.url));
const recordings = fileURLToPath(new URL("../../oracle/redis/", import.meta.url));

/** One command of the table. */
export interface Line {
  readonly command: string;
  /** Its answer's order is that of a hash table, by chance. */
  readonly unordered: boolean;
}

export interface Table {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** What redis-server 7.0.15 answered, as bytes, in both protocols. */
export interface Recorded {
  readonly command: string;
  readonly resp2: string;
  readonly resp3: string;
}

/** The files of commands: a command a line, `~ ` before it if its answer has no order, `#` before a remark. */
export const TABLES: readonly Table[] = readdirSync(tables)
  .sort()
  .map((file) => ({
    name: file.replace(".txt", ""),
    lines: readFileSync(tables + file, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => ({ command: line.replace(/^~ /, ""), unordered: line.startsWith("~ ") })),
  }));

export function recordingFile(name: string): string {
  return `${recordings}${name}.jsonl`;
}

export function readRecording(name: string): Recorded[] {
  return readFileSync(recordingFile(name), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const [command, resp2, resp3 = resp2] = JSON.parse(line) as string[];
      return { command: command!, resp2: resp2!, resp3: resp3! };
    });
}

import { readFileSync } from "node:fs";

/** Commands of a section of seed 004, one shell command an entry, line continuations joined. */
export function seedSection(name: string): readonly string[] {
  const text = readFileSync(new URL("../oracle/seeds/004.txt", import.meta.url), "utf8");
  const section = text.split(/^### /m).find((part) => part.startsWith(name));
  if (section === undefined) throw new Error(`the seed has no section ${name}`);
  const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? "";
  return block
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

import { readFileSync } from "node:fs";

/** Commands of a section of seed 004 that are all for one machine, one shell command an entry, line continuations joined. */
export function seedSection(name: string): readonly string[] {
  return seedBlocks(name)[0] ?? [];
}

/** The blocks of commands of a section, in order: where it has several, each is for another machine. */
export function seedBlocks(name: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL("../oracle/seeds/004.txt", import.meta.url), "utf8");
  const section = text.split(/^### /m).find((part) => part.startsWith(name));
  if (section === undefined) throw new Error(`the seed has no section ${name}`);
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) =>
    block!
      .replace(/\\\n/g, " ")
      .split("\n")
      .filter((line) => line.trim() !== ""),
  );
}

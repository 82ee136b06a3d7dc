import { commandLine, quoteWord } from "../base/command-line.js";

/** Splits a plain command line into words. Anything that only a shell understands is refused: that is what `sh` is for. */
export function splitWords(line: string): string[] {
  const special = /["'`$|&;<>(){}*?\\~#]/.exec(line);
  if (special !== null) {
    throw new RangeError(
      `"${special[0]}" needs a shell: use await machine.sh\`${line}\`, or give the words one by one`,
    );
  }
  const words = line.trim().split(/\s+/);
  if (words[0] === "") throw new RangeError("an empty command");
  return words;
}

/** The text of a template literal, each value as one quoted word (a list as several). */
export function shellLine(strings: TemplateStringsArray, values: readonly unknown[]): string {
  return strings.raw.reduce(
    (line, part, i) =>
      line +
      part.replace(/\\`/g, "`").replace(/\\\$/g, "$") +
      (i < values.length ? quoteValue(values[i]) : ""),
    "",
  );
}

function quoteValue(value: unknown): string {
  return Array.isArray(value) ? commandLine(value.map(String)) : quoteWord(String(value));
}

import type { WordNode } from "just-bash";
import { literalText } from "./ast.js";

/** Programs that take several patterns by `-e`. */
const GREPS: ReadonlySet<string> = new Set(["grep", "egrep", "fgrep"]);

export function isGrep(name: string | null): boolean {
  return name !== null && GREPS.has(name.replace(/^.*\//, ""));
}

/**
 * just-bash's grep heeds the last `-e` only, but takes patterns on lines of one word: several `-e PATTERN` become one. `--line-buffered` goes:
 * a line leaves a filter here when it comes.
 */
export function mergePatterns(args: readonly string[]): string[] {
  return merge(
    args,
    (arg) => arg,
    (texts) => texts.join("\n"),
  );
}

/** The same for words that bash still has to expand. */
export function mergePatternWords(args: readonly WordNode[]): WordNode[] {
  const newline: WordNode["parts"][number] = { type: "SingleQuoted", value: "\n" };
  const joined = (words: readonly WordNode[]): WordNode => ({
    type: "Word",
    parts: words.flatMap((word, i) => (i === 0 ? word.parts : [newline, ...word.parts])),
  });
  return merge(args, literalText, joined);
}

function merge<T>(
  args: readonly T[],
  textOf: (arg: T) => string | null,
  join: (patterns: readonly T[]) => T,
): T[] {
  const patterns: T[] = [];
  const others: T[] = [];
  let dash: T | null = null;
  let ended = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const text = textOf(arg);
    if (text === "--") ended = true;
    if (!ended && text === "--line-buffered") continue;
    if (!ended && text === "-e" && i + 1 < args.length) {
      dash ??= arg;
      patterns.push(args[++i]!);
    } else others.push(arg);
  }
  return dash === null ? others : [dash, join(patterns), ...others];
}

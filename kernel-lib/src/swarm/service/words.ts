import { GoSyntaxError } from "../../docker/go/duration.js";

/** Cuts a command as a POSIX shell would, without expanding anything (google/shlex). Throws GoSyntaxError. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote === "'" ? character === "'" : quote !== "" && character === quote) quote = "";
    else if (character === "\\" && quote !== "'") word = (word ?? "") + (text[++at] ?? "");
    else if (quote !== "") word += character;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new GoSyntaxError("EOF found when expecting closing quote");
  if (word !== null) words.push(word);
  return words;
}

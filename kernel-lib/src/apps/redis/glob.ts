import { lower } from "./byte-text.js";

/** Whether a text matches a pattern with `*`, `?`, `[a-z]`, `[^a]` and `\`. Source: Redis 7.0, util.c stringmatchlen. */
export function globMatches(pattern: string, text: string, ignoreCase = false): boolean {
  return ignoreCase ? matches(lower(pattern), 0, lower(text), 0) : matches(pattern, 0, text, 0);
}

function matches(pattern: string, patternAt: number, text: string, textAt: number): boolean {
  let p = patternAt;
  let t = textAt;
  while (p < pattern.length && t < text.length) {
    const sign = pattern[p]!;
    if (sign === "*") return matchesStar(pattern, p, text, t);
    if (sign === "[") {
      const bracket = readBracket(pattern, p + 1, text[t]!);
      if (!bracket.matched) return false;
      p = bracket.end;
    } else if (sign !== "?") {
      if (sign === "\\" && p + 1 < pattern.length) p++;
      if (pattern[p] !== text[t]) return false;
    }
    p++;
    t++;
  }
  if (t < text.length) return false;
  while (pattern[p] === "*") p++;
  return p >= pattern.length;
}

function matchesStar(pattern: string, star: number, text: string, t: number): boolean {
  let p = star;
  while (pattern[p + 1] === "*") p++;
  if (p + 1 >= pattern.length) return true;
  for (let at = t; at < text.length; at++) if (matches(pattern, p + 1, text, at)) return true;
  return matches(pattern, p + 1, text, text.length);
}

interface Bracket {
  readonly matched: boolean;
  /** Where the bracket's last character is. */
  readonly end: number;
}

function readBracket(pattern: string, start: number, sign: string): Bracket {
  let p = start;
  const not = pattern[p] === "^";
  if (not) p++;
  let matched = false;
  for (; ; p++) {
    if (p >= pattern.length) {
      p--;
      break;
    }
    if (pattern[p] === "\\" && p + 1 < pattern.length) {
      p++;
      if (pattern[p] === sign) matched = true;
    } else if (pattern[p] === "]") break;
    else if (pattern[p + 1] === "-" && p + 2 < pattern.length) {
      const [from, to] = [pattern[p]!, pattern[p + 2]!].sort();
      p += 2;
      if (sign >= from! && sign <= to!) matched = true;
    } else if (pattern[p] === sign) matched = true;
  }
  return { matched: matched !== not, end: p };
}

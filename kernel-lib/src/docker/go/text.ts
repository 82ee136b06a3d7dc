/** `strconv.Quote`: Go's double-quoted form. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const short = SHORT[character];
    if (short !== undefined) quoted += short;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else quoted += character;
  }
  return `${quoted}"`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/** `strconv.Unquote` of a double-quoted or back-quoted literal. Null when it is not one. */
export function goUnquote(literal: string): string | null {
  if (literal.startsWith("`")) return literal.slice(1, -1).replaceAll("\r", "");
  let text = "";
  for (let i = 1; i < literal.length - 1; i++) {
    const character = literal[i]!;
    if (character !== "\\") {
      text += character;
      continue;
    }
    const next = literal[++i]!;
    const simple = ESCAPES[next];
    if (simple !== undefined) {
      text += simple;
      continue;
    }
    const width = next === "x" ? 2 : next === "u" ? 4 : next === "U" ? 8 : 0;
    const octal = /^[0-7]{3}/.exec(literal.slice(i));
    const digits = literal.slice(i + 1, i + 1 + width);
    if (width > 0 && /^[0-9a-fA-F]+$/.test(digits) && digits.length === width) {
      text += String.fromCodePoint(Number.parseInt(digits, 16));
      i += width;
    } else if (octal) {
      text += String.fromCharCode(Number.parseInt(octal[0], 8));
      i += 2;
    } else return null;
  }
  return text;
}

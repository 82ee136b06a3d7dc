const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/**
 * Splits a typed line into arguments, with double quotes (and escapes in them) and single quotes. Null if a quote is not closed, or something follows one
 * without a space. Source: Redis 7.0, sds.c sdssplitargs.
 */
export function splitArguments(line: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(line[at])) at++;
    if (at >= line.length || line[at] === "\0") return words;
    const word = readWord(line, at);
    if (word === null) return null;
    words.push(word.text);
    at = word.end;
  }
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readWord(line: string, start: number): Piece | null {
  let text = "";
  let at = start;
  while (at < line.length && line[at] !== "\0" && !isSpace(line[at])) {
    const sign = line[at]!;
    if (sign !== '"' && sign !== "'") {
      text += sign;
      at++;
      continue;
    }
    const quoted = sign === '"' ? readDoubleQuoted(line, at + 1) : readSingleQuoted(line, at + 1);
    if (quoted === null || (quoted.end < line.length && !isSpace(line[quoted.end]))) return null;
    return { text: text + quoted.text, end: quoted.end };
  }
  return { text, end: at };
}

function readDoubleQuoted(line: string, start: number): Piece | null {
  let text = "";
  for (let at = start; at < line.length; at++) {
    const sign = line[at]!;
    if (sign === '"') return { text, end: at + 1 };
    const hexadecimal = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at, at + 4));
    if (hexadecimal) {
      text += String.fromCharCode(Number.parseInt(hexadecimal[1]!, 16));
      at += 3;
    } else if (sign === "\\" && at + 1 < line.length) {
      const escaped = line[++at]!;
      text += ESCAPES[escaped] ?? escaped;
    } else text += sign;
  }
  return null;
}

function readSingleQuoted(line: string, start: number): Piece | null {
  let text = "";
  for (let at = start; at < line.length; at++) {
    if (line[at] === "'") return { text, end: at + 1 };
    if (line[at] === "\\" && line[at + 1] === "'") at++;
    text += line[at];
  }
  return null;
}

function isSpace(sign: string | undefined): boolean {
  return sign !== undefined && /[ \t\n\v\f\r]/.test(sign);
}

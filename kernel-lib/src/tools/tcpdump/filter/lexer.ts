import { tryParseIpv6 } from "../ipv6-text.js";
import { CONSTANTS, KEYWORDS } from "./keywords.js";

/** One token: `kind` is an operator, a keyword, or NUM, ID, HID (IPv4), HID6, EID (MAC), AID, ERROR, END. */
export interface Token {
  readonly kind: string;
  readonly text: string;
  /** NUM: its value. */
  readonly value: number;
  /** ERROR: what libpcap says, null for a plain syntax error. */
  readonly message: string | null;
}

const SPACE = /[ \r\n\t]+/y;
const OPERATOR = />=|<=|!=|==|<<|>>|&&|\|\||[+\-*/%:[\]!<>()&|^=]/y;
const ARCNET = /\$[0-9A-Fa-f]{1,2}/y;
const B = "[0-9A-Fa-f]{1,2}";
const MAC = new RegExp(
  `${B}(?::${B}){5}|${B}(?:-${B}){5}|${B}(?:\\.${B}){5}|[0-9A-Fa-f]{4}(?:\\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{12}`,
  "y",
);
const NUMBER = /0[xX][0-9A-Fa-f]+|[0-9]+/y;
const N = "(?:0[xX][0-9A-Fa-f]+|[0-9]+)";
const IPV4 = new RegExp(`${N}(?:\\.${N}){1,3}`, "y");
const IPV6 = /[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)?/y;
const BOGUS_MAC = new RegExp(`${B}:+(?:${B}:+)+`, "y");
const NAME = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y;
const QUOTED = /\\[^ !()\n\t]+/y;

/** The rules, in libpcap's order: the longest match wins, then the first. */
const RULES: readonly (readonly [RegExp, (text: string) => Token | null])[] = [
  [NAME, (text) => keyword(text)],
  [OPERATOR, (text) => token(KEYWORDS.get(text) ?? (text === "==" ? "=" : text), text)],
  [ARCNET, (text) => token("AID", text)],
  [MAC, (text) => token("EID", text)],
  [NUMBER, number],
  [IPV4, (text) => token("HID", text)],
  [IPV6, (text) => (tryParseIpv6(text) === null ? null : token("HID6", text))],
  [BOGUS_MAC, (text) => error(text, `bogus ethernet address ${text}`)],
  [NAME, (text) => constant(text)],
  [NAME, (text) => token("ID", text)],
  [QUOTED, (text) => token("ID", text.slice(1))],
];

/** Splits a filter expression. An error is a token too: libpcap reports it when the parser gets there. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const space = matchAt(SPACE, expression, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const next = longest(expression, at) ?? error(expression.charAt(at), null);
    tokens.push(next);
    at += next.text.length + (expression.charAt(at) === "\\" && next.kind === "ID" ? 1 : 0);
  }
  tokens.push(token("END", ""));
  return tokens;
}

function longest(expression: string, at: number): Token | null {
  let best: Token | null = null;
  let length = 0;
  for (const [pattern, make] of RULES) {
    const text = matchAt(pattern, expression, at);
    if (text === null || text.length <= length) continue;
    const made = make(text);
    if (made === null) continue;
    best = made;
    length = text.length;
  }
  return best;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function token(kind: string, text: string, value = 0): Token {
  return { kind, text, value, message: null };
}

function error(text: string, message: string | null): Token {
  return { kind: "ERROR", text, value: 0, message };
}

function keyword(text: string): Token | null {
  const kind = KEYWORDS.get(text);
  return kind === undefined ? null : token(kind, text);
}

function constant(text: string): Token | null {
  const value = CONSTANTS.get(text);
  return value === undefined ? null : token("NUM", text, value);
}

function number(text: string): Token {
  const octal = /^0[0-9]/.test(text);
  if (octal && /[89]/.test(text)) return error(text, `number ${text} contains non-octal digit`);
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  if (value > 0xffffffff) return error(text, `number ${text} overflows 32 bits`);
  return token("NUM", text, value);
}

import type { Context } from "./options.js";

/** Characters that stand as escapes, and lone halves of surrogate pairs. */
const ESCAPED =
  /[\x00-\x1f\x27\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPED_BUT_QUOTE =
  /[\x00-\x1f\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMED: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  "'": "\\'",
  "\\": "\\\\",
};

function escapeCharacter(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  if (code > 0xff) return `\\u${code.toString(16)}`;
  return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A string in quotes: single ones, or others when the text holds those. */
export function quote(text: string): string {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes("`") && !text.includes("${")) mark = "`";
  }
  return `${mark}${text.replace(mark === "'" ? ESCAPED : ESCAPED_BUT_QUOTE, escapeCharacter)}${mark}`;
}

export function formatNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Strings shorter than this are never cut at their ends of line. */
const SHORT = 16;

function formatString(context: Context, value: string): string {
  let text = value;
  let trailer = "";
  if (text.length > context.maxStringLength) {
    const left = text.length - context.maxStringLength;
    text = text.slice(0, context.maxStringLength);
    trailer = `... ${left} more character${left > 1 ? "s" : ""}`;
  }
  if (text.length > SHORT && text.length > context.breakLength - context.indentation - 4) {
    const lines = text.split(/(?<=\n)/).map(quote);
    return lines.join(` +\n${" ".repeat(context.indentation + 2)}`) + trailer;
  }
  return quote(text) + trailer;
}

export function formatPrimitive(context: Context, value: unknown): string {
  if (typeof value === "string") return formatString(context, value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  return String(value);
}

export const escapeSymbol = (symbol: symbol): string => symbol.toString().replace(ESCAPED, escapeCharacter);

import { bytesOf } from "../byte-text.js";
import { quoted } from "../quoted.js";
import type { CliReply } from "./reply.js";

/** How replies are printed. */
export type OutputForm = "standard" | "raw" | "csv" | "json" | "quoted-json";

export interface OutputStyle {
  readonly form: OutputForm;
  /** Between the items of a reply, and behind each reply (raw). */
  readonly between: string;
  readonly behind: string;
}

const EMPTY = { array: "(empty array)", map: "(empty hash)", set: "(empty set)", push: "(empty push)" };

/** A reply with its line's end. The result is bytes. Source: Redis 7.0, redis-cli.c cliFormatReply. */
export function formatReply(reply: CliReply, style: OutputStyle): string {
  switch (style.form) {
    case "standard":
      return standard(reply, "");
    case "raw":
      return raw(reply, style.between) + style.behind;
    case "csv":
      return `${csv(reply)}\n`;
    default:
      return `${json(reply, style.form === "json")}\n`;
  }
}

function standard(reply: CliReply, prefix: string): string {
  switch (reply.kind) {
    case "error":
      return `(error) ${reply.text}\n`;
    case "integer":
      return `(integer) ${reply.text}\n`;
    case "double":
      return `(double) ${reply.text}\n`;
    case "string":
      return `${quoted(reply.text)}\n`;
    case "status":
    case "verbatim":
    case "bignum":
      return `${reply.text}\n`;
    case "nil":
      return "(nil)\n";
    case "bool":
      return reply.value ? "(true)\n" : "(false)\n";
    default:
      return listing(reply, prefix);
  }
}

/** `1) "a"`, `1~ "a"` of a set, `1# "a" => "1"` of a map; what is nested is moved in. */
function listing({ kind, items }: Extract<CliReply, { items: unknown }>, prefix: string): string {
  if (items.length === 0) return `${EMPTY[kind]}\n`;
  const count = kind === "map" ? items.length / 2 : items.length;
  const width = String(count).length;
  const inner = prefix + " ".repeat(width + 2);
  const mark = kind === "set" ? "~" : kind === "map" ? "#" : ")";
  let out = "";
  for (let i = 0; i < count; i++) {
    out += `${i === 0 ? "" : prefix}${String(i + 1).padStart(width)}${mark} `;
    if (kind !== "map") out += standard(items[i]!, inner);
    else out += `${standard(items[2 * i]!, inner).slice(0, -1)} => ${standard(items[2 * i + 1]!, inner)}`;
  }
  return out;
}

/** The bare texts, without the end of the last line. */
export function raw(reply: CliReply, between: string): string {
  switch (reply.kind) {
    case "nil":
      return "";
    case "error":
      return `${reply.text}\n`;
    case "bool":
      return reply.value ? "(true)" : "(false)";
    case "map": {
      const pairs: string[] = [];
      for (let i = 0; i < reply.items.length; i += 2)
        pairs.push(`${raw(reply.items[i]!, between)} ${raw(reply.items[i + 1]!, between)}`);
      return pairs.join(between);
    }
    case "array":
    case "set":
    case "push":
      return reply.items.map((item) => raw(item, between)).join(between);
    default:
      return reply.text;
  }
}

function csv(reply: CliReply): string {
  switch (reply.kind) {
    case "error":
      return `ERROR,${quoted(reply.text)}`;
    case "integer":
    case "double":
    case "bignum":
      return reply.text;
    case "nil":
      return "NULL";
    case "bool":
      return String(reply.value);
    case "array":
    case "map":
    case "set":
    case "push":
      return reply.items.map(csv).join(",");
    default:
      return quoted(reply.text);
  }
}

function json(reply: CliReply, unicode: boolean): string {
  switch (reply.kind) {
    case "error":
      return `error:${jsonText(reply.text, unicode)}`;
    case "integer":
    case "double":
    case "bignum":
      return reply.text;
    case "nil":
      return "null";
    case "bool":
      return String(reply.value);
    case "map": {
      const pairs: string[] = [];
      for (let i = 0; i < reply.items.length; i += 2)
        pairs.push(`${jsonKey(reply.items[i]!, unicode)}:${json(reply.items[i + 1]!, unicode)}`);
      return `{${pairs.join(",")}}`;
    }
    case "array":
    case "set":
    case "push":
      return `[${reply.items.map((item) => json(item, unicode)).join(",")}]`;
    default:
      return jsonText(reply.text, unicode);
  }
}

/** A key is a string in JSON. */
function jsonKey(reply: CliReply, unicode: boolean): string {
  const text = json(reply, unicode);
  return text.startsWith('"') ? text : `"${text}"`;
}

/** As it is, where it is UTF-8; `quoted-json` escapes its bytes, and then the escapes, as 7.0.15 does. */
function jsonText(text: string, unicode: boolean): string {
  if (!unicode) return `"${quoted(text).slice(1, -1).replaceAll("\\", "\\\\")}"`;
  let out = '"';
  for (const sign of text) {
    const code = sign.charCodeAt(0);
    if (sign === '"' || sign === "\\") out += `\\${sign}`;
    else if (sign === "\n") out += "\\n";
    else if (sign === "\r") out += "\\r";
    else if (sign === "\t") out += "\\t";
    else if (sign === "\b") out += "\\b";
    else if (sign === "\f") out += "\\f";
    else out += code < 0x20 ? `\\u${code.toString(16).padStart(4, "0")}` : sign;
  }
  return `${out}"`;
}

/** Bytes as a terminal shows them. */
export function shown(bytes: string): string {
  return new TextDecoder().decode(bytesOf(bytes));
}

/** A value of Redis' protocol, forms 2 and 3 (redis.io/docs/reference/protocol-spec). */
export type RespValue =
  | { readonly type: "simple" | "error" | "integer" | "double" | "big number"; readonly text: string }
  | { readonly type: "bulk"; readonly bytes: Uint8Array }
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  /** A map's items are its keys and values in turn. `push` is what the server sends without being asked. */
  | { readonly type: "array" | "set" | "map" | "push"; readonly items: readonly RespValue[] };

export interface RespRead {
  readonly value: RespValue;
  /** One past the value's last byte. */
  readonly end: number;
}

/** Deepest nesting that is read, and most items of one value: what is more is no protocol. */
const DEPTH_LIMIT = 32;
const ITEMS_LIMIT = 1 << 20;
/** The longest bulk string, 512 MB (proto-max-bulk-len). */
const BULK_LIMIT = 512 * 1024 * 1024;

type Line = "simple" | "error" | "integer" | "double" | "big number";
const LINES: Readonly<Record<string, Line>> = {
  "+": "simple",
  "-": "error",
  ":": "integer",
  ",": "double",
  "(": "big number",
};

type Aggregate = "array" | "set" | "map" | "push" | "attribute";
const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  "*": "array",
  "~": "set",
  "%": "map",
  ">": "push",
  "|": "attribute",
};

const SHAPES: Readonly<Record<Line, RegExp>> = {
  simple: /^[^\r\n]*$/,
  error: /^[^\r\n]*$/,
  integer: /^[+-]?\d+$/,
  double: /^([+-]?\d+(\.\d*)?([eE][+-]?\d+)?|[+-]?inf|nan)$/,
  "big number": /^[+-]?\d+$/,
};

const TEXT = new TextDecoder();
const LATIN = new TextDecoder("latin1");

/** Reads the value that starts at `at`. Null when its end has not come; "malformed" when it is none. */
export function readResp(bytes: Uint8Array, at: number, depth = 0): RespRead | null | "malformed" {
  if (depth > DEPTH_LIMIT) return "malformed";
  if (at >= bytes.length) return null;
  const mark = String.fromCharCode(bytes[at]!);
  const known = "+-:,($!=*~%>|_#".includes(mark);
  if (!known) return "malformed";
  const eol = bytes.indexOf(13, at + 1);
  if (eol < 0 || eol + 1 >= bytes.length) return null;
  if (bytes[eol + 1] !== 10) return "malformed";
  const text = TEXT.decode(bytes.subarray(at + 1, eol));
  const body = eol + 2;
  const line = LINES[mark];
  if (line !== undefined)
    return SHAPES[line].test(text) ? { value: { type: line, text }, end: body } : "malformed";
  if (mark === "_") return text === "" ? { value: { type: "null" }, end: body } : "malformed";
  if (mark === "#")
    return text === "t" || text === "f"
      ? { value: { type: "boolean", value: text === "t" }, end: body }
      : "malformed";
  if (!/^(-1|\d{1,9})$/.test(text)) return "malformed";
  const count = Number(text);
  const aggregate = AGGREGATES[mark];
  return aggregate === undefined
    ? readBulk(bytes, body, mark, count)
    : readItems(bytes, body, aggregate, count, depth);
}

/** `$5` and its bytes; `!` is an error of that form, `=` a text with its format in front. */
function readBulk(
  bytes: Uint8Array,
  at: number,
  mark: string,
  length: number,
): RespRead | null | "malformed" {
  if (length < 0) return mark === "$" ? { value: { type: "null" }, end: at } : "malformed";
  if (length > BULK_LIMIT) return "malformed";
  const end = at + length;
  if (end + 2 > bytes.length) return null;
  if (bytes[end] !== 13 || bytes[end + 1] !== 10) return "malformed";
  const content = bytes.subarray(at, end);
  if (mark === "!") return { value: { type: "error", text: TEXT.decode(content) }, end: end + 2 };
  // `=15`, then three letters and a colon in front of the text: `txt:`, `mkd:`.
  return { value: { type: "bulk", bytes: mark === "=" ? content.slice(4) : content.slice() }, end: end + 2 };
}

function readItems(
  bytes: Uint8Array,
  at: number,
  type: Aggregate,
  count: number,
  depth: number,
): RespRead | null | "malformed" {
  if (count < 0) return type === "array" ? { value: { type: "null" }, end: at } : "malformed";
  if (count > ITEMS_LIMIT) return "malformed";
  const items: RespValue[] = [];
  let end = at;
  for (let i = type === "map" || type === "attribute" ? count * 2 : count; i > 0; i--) {
    const item = readResp(bytes, end, depth + 1);
    if (item === null || item === "malformed") return item;
    items.push(item.value);
    end = item.end;
  }
  // An attribute only says something about the value behind it.
  return type === "attribute" ? readResp(bytes, end, depth + 1) : { value: { type, items }, end };
}

/** Words of a command: an array of bulk strings, as clients send it. Null for anything else. */
export function respCommand(value: RespValue): readonly string[] | null {
  if (value.type !== "array" || value.items.length === 0) return null;
  const words = value.items.map((item) => (item.type === "bulk" ? readable(item.bytes) : null));
  return words.every((word) => word !== null) ? (words as string[]) : null;
}

/** A value in one line, with the marks that redis-cli gives: `(integer) 2`, `(nil)`, `(error) ERR …`; several values are between brackets. */
export function respText(value: RespValue): string {
  switch (value.type) {
    case "bulk":
      return readable(value.bytes);
    case "simple":
    case "double":
    case "big number":
      return value.text;
    case "integer":
      return `(integer) ${value.text}`;
    case "error":
      return `(error) ${value.text}`;
    case "null":
      return "(nil)";
    case "boolean":
      return `(${value.value})`;
    default:
      return `[${value.items.map(respText).join(", ")}]`;
  }
}

/** UTF-8 as text, other bytes one character each. */
function readable(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return LATIN.decode(bytes);
  }
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

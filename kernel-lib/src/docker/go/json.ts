import { rfc3339Nano } from "./time.js";
import {
  type GoField,
  GoMap,
  GoNil,
  GoObject,
  GoStruct,
  type GoTime,
  type GoValue,
  isEmpty,
} from "./value.js";

/** How encoding/json writes text. Docker's client and daemon both turn HTML escaping off. */
export interface JsonOptions {
  /** `<`, `>` and `&` as `\u003c`, `\u003e`, `\u0026` (json.Marshal's default). */
  readonly escapeHtml?: boolean;
}

/** `json.Marshal`: one line, struct fields in order, map keys sorted. */
export function marshal(value: GoValue | undefined, options: JsonOptions = {}): string {
  if (value === undefined || value === null || value instanceof GoNil) return "null";
  if (typeof value === "string") return quote(value, options);
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => marshal(item, options)).join(",")}]`;
  const members = membersOf(value as GoMap | GoStruct | GoObject | GoTime);
  if (members === null) return `"${rfc3339Nano(value as GoTime)}"`;
  // The rows of listings encode themselves by json.Marshal, which escapes whatever the one who asks has set.
  const own = value instanceof GoObject ? { escapeHtml: true } : options;
  return `{${members.map(([key, item]) => `${quote(key, own)}:${marshal(item, own)}`).join(",")}}`;
}

/** `json.Indent` with four spaces, as `docker inspect` prints. */
export function marshalIndent(value: GoValue | undefined, options: JsonOptions = {}, indent = ""): string {
  if (Array.isArray(value))
    return block(
      "[",
      "]",
      value.map((item) => marshalIndent(item, options, `${indent}    `)),
      indent,
    );
  const members =
    value instanceof GoMap || value instanceof GoStruct || value instanceof GoObject
      ? membersOf(value)
      : null;
  if (members === null) return marshal(value, options);
  const lines = members.map(
    ([key, item]) => `${quote(key, options)}: ${marshalIndent(item, options, `${indent}    `)}`,
  );
  return block("{", "}", lines, indent);
}

function block(open: string, close: string, items: readonly string[], indent: string): string {
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${indent}    ${item}`).join(",\n")}\n${indent}${close}`;
}

function membersOf(value: GoMap | GoStruct | GoObject | GoTime): [string, GoValue][] | null {
  if (value instanceof GoMap) return value.sorted();
  if (value instanceof GoStruct) return value.fields.flatMap(fieldMembers);
  if (value instanceof GoObject) {
    const names = [...value.methods.keys()].filter((name) => !value.withArgument.has(name)).sort();
    return names.map((name) => [name, value.methods.get(name)!()]);
  }
  return null;
}

function fieldMembers(field: GoField): [string, GoValue][] {
  if (field.embedded && field.json === undefined)
    return field.value instanceof GoStruct ? field.value.fields.flatMap(fieldMembers) : [];
  if (field.json === "-" || (field.omitEmpty && isEmpty(field.value))) return [];
  return [[field.json ?? field.name, field.value]];
}

function quote(text: string, { escapeHtml = false }: JsonOptions): string {
  const plain = JSON.stringify(text)
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
    .replaceAll("\\b", "\\u0008")
    .replaceAll("\\f", "\\u000c");
  if (!escapeHtml) return plain;
  return plain.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
}

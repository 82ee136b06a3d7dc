import { timeString } from "./time.js";
import { GoMap, GoNil, GoObject, GoStruct, GoTime, type GoValue } from "./value.js";

/** A stand-in for an address that fmt prints for a pointer inside another value. */
const POINTER = "0xc000012345";

/** `%v` of fmt: `[a b]`, `map[k:v]`, `{a b}`, `&{a b}`, `<nil>`. */
export function formatValue(value: GoValue | undefined, depth = 0): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => formatValue(item, depth + 1)).join(" ")}]`;
  if (value instanceof GoMap)
    return `map[${value
      .sorted()
      .map(([key, item]) => `${key}:${formatValue(item, depth + 1)}`)
      .join(" ")}]`;
  if (value instanceof GoStruct) return formatStruct(value, depth);
  if (value instanceof GoTime) return timeString(value);
  if (value instanceof GoObject) return POINTER;
  return NIL_TEXT[(value as GoNil).kind];
}

const NIL_TEXT: Readonly<Record<GoNil["kind"], string>> = { slice: "[]", map: "map[]", pointer: "<nil>" };

function formatStruct(value: GoStruct, depth: number): string {
  if (value.pointer && depth > 0) return POINTER;
  return `${value.pointer ? "&" : ""}{${value.fields.map((field) => formatValue(field.value, depth + 1)).join(" ")}}`;
}

/** `%v` of an int or a float64 (`%g`: exponent form from 1e21 on, two digits of exponent). */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

export function isNilValue(value: GoValue | undefined): boolean {
  return value === undefined || value === null || value instanceof GoNil;
}

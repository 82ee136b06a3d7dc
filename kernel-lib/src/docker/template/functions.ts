import { marshal } from "../go/json.js";
import { formatValue } from "../go/print.js";
import { GoMap, GoNil, type GoValue, isTrue, typeName } from "../go/value.js";
import { sprintf } from "./printf.js";

/** A value that may be missing (a map without the key), as reflect's invalid value. */
export type Argument = GoValue | undefined;

/** A function that templates may call. It throws FunctionError for what Go's function would return as an error. */
export interface TemplateFunction {
  readonly minimum: number;
  /** Infinity for a variadic one. */
  readonly maximum: number;
  /** Types of the arguments, where the function takes strings or whole numbers only. */
  readonly parameters?: readonly ("string" | "int" | "[]string")[];
  call(...values: Argument[]): Argument;
}

export class FunctionError extends Error {}

const any = (minimum: number, maximum: number, call: TemplateFunction["call"]): TemplateFunction => ({
  minimum,
  maximum,
  call,
});

const strings = (
  parameters: NonNullable<TemplateFunction["parameters"]>,
  call: (...values: never[]) => Argument,
): TemplateFunction => ({
  minimum: parameters.length,
  maximum: parameters.length,
  parameters,
  call: call as TemplateFunction["call"],
});

/** text/template's own functions, and those that Docker's client adds (templates/templates.go). `and` and `or` are evaluated lazily elsewhere. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    and: any(1, Infinity, (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1)),
    or: any(1, Infinity, (...values) => values.find((value) => isTrue(value)) ?? values.at(-1)),
    not: any(1, 1, (value) => !isTrue(value)),
    len: any(1, 1, length),
    index: any(1, Infinity, (first, ...keys) => keys.reduce<Argument>(indexed, first)),
    slice: any(1, 4, sliced),
    print: any(0, Infinity, (...values) => sprint(values)),
    println: any(0, Infinity, (...values) => `${values.map((value) => formatValue(value)).join(" ")}\n`),
    printf: any(1, Infinity, (format, ...values) => sprintf(String(format), values)),
    html: any(1, Infinity, (...values) => escapeHtml(sprint(values))),
    js: any(1, Infinity, (...values) => escapeJs(sprint(values))),
    urlquery: any(1, Infinity, (...values) =>
      encodeURIComponent(sprint(values))
        .replaceAll("%20", "+")
        .replaceAll("!", "%21")
        .replaceAll("'", "%27")
        .replaceAll("(", "%28")
        .replaceAll(")", "%29")
        .replaceAll("*", "%2A"),
    ),
    eq: any(1, Infinity, (first, ...others) => equalToAny(first, others)),
    ne: any(2, 2, (a, b) => !equal(a, b)),
    lt: any(2, 2, (a, b) => less(a, b)),
    le: any(2, 2, (a, b) => less(a, b) || equal(a, b)),
    gt: any(2, 2, (a, b) => !less(a, b) && !equal(a, b)),
    ge: any(2, 2, (a, b) => !less(a, b)),
    json: any(1, 1, (value) => marshal(value)),
    split: strings(["string", "string"], (text: string, separator: string) => text.split(separator)),
    join: strings(["[]string", "string"], (items: readonly string[] | GoNil, separator: string) =>
      items instanceof GoNil ? "" : items.join(separator),
    ),
    title: strings(["string"], (text: string) =>
      text.replace(
        /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
        (_, before: string, letter: string) => before + letter.toUpperCase(),
      ),
    ),
    lower: strings(["string"], (text: string) => text.toLowerCase()),
    upper: strings(["string"], (text: string) => text.toUpperCase()),
    pad: strings(["string", "int", "int"], (text: string, before: number, after: number) =>
      text === "" ? "" : " ".repeat(before) + text + " ".repeat(after),
    ),
    truncate: strings(["string", "int"], (text: string, length: number) => text.slice(0, length)),
  }),
);

function sprint(values: readonly Argument[]): string {
  return values.reduce<string>((text, value, i) => {
    const between = i > 0 && typeof value !== "string" && typeof values[i - 1] !== "string" ? " " : "";
    return text + between + formatValue(value);
  }, "");
}

function length(value: Argument): Argument {
  if (value === undefined || value === null) throw new FunctionError("len of nil pointer");
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof GoMap) return value.entries.size;
  if (value instanceof GoNil && value.kind !== "pointer") return 0;
  throw new FunctionError(`len of type ${typeName(value)}`);
}

function indexed(value: Argument, key: Argument): Argument {
  if (value === undefined || value === null) throw new FunctionError("index of untyped nil");
  if (value instanceof GoNil && value.kind === "map") return "";
  const items = value instanceof GoNil && value.kind === "slice" ? [] : value;
  if (typeof items === "string") return new TextEncoder().encode(items)[position(key, items.length)];
  if (Array.isArray(items)) return items[position(key, items.length)] as Argument;
  if (!(value instanceof GoMap)) throw new FunctionError(`can't index item of type ${typeName(value)}`);
  if (typeof key !== "string")
    throw new FunctionError(
      key === null || key === undefined
        ? "value is nil; should be of type string"
        : `value has type ${typeName(key)}; should be string`,
    );
  return value.entries.has(key) ? value.entries.get(key) : zeroOf(value.valueType);
}

function position(key: Argument, size: number): number {
  if (key === undefined || key === null) throw new FunctionError("cannot index slice/array with nil");
  if (typeof key !== "number" || !Number.isInteger(key))
    throw new FunctionError(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0 || key >= size) throw new FunctionError(`index out of range: ${key}`);
  return key;
}

/** What `index` gives for a key that a map lacks: the zero of its type. */
function zeroOf(type: string): Argument {
  if (type === "string") return "";
  if (type === "int") return 0;
  if (type === "bool") return false;
  if (type.startsWith("[]")) return GoNil.slice;
  return type.startsWith("*") ? GoNil.pointer : undefined;
}

function sliced(value: Argument, ...bounds: Argument[]): Argument {
  if (value === undefined || value === null) throw new FunctionError("slice of untyped nil");
  if (typeof value !== "string" && !Array.isArray(value))
    throw new FunctionError(`can't slice item of type ${typeName(value)}`);
  if (typeof value === "string" && bounds.length === 3)
    throw new FunctionError("cannot 3-index slice a string");
  const [from = 0, to = value.length] = bounds.map((bound) => position(bound, value.length + 1));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  return value.slice(from, to);
}

const ERR_BAD_TYPE = "invalid type for comparison";

function basicKind(value: Argument): "bool" | "string" | "number" | null {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : null;
}

function equal(a: Argument, b: Argument): boolean {
  const left = basicKind(a);
  const right = basicKind(b);
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null);
  if (left === null || right === null) {
    if (a instanceof GoNil || b instanceof GoNil || Array.isArray(a) || a instanceof GoMap)
      throw new FunctionError(`non-comparable type ${formatValue(a)}: ${typeName(a)}`);
    if (left !== right) throw new FunctionError("incompatible types for comparison");
    return a === b;
  }
  if (left !== right) throw new FunctionError("incompatible types for comparison");
  return a === b;
}

function equalToAny(first: Argument, others: readonly Argument[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  return others.some((other) => equal(first, other));
}

function less(a: Argument, b: Argument): boolean {
  const left = basicKind(a);
  const right = basicKind(b);
  if (left === null || right === null || left === "bool")
    throw new FunctionError(
      left !== null && right !== null && left !== right ? "incompatible types for comparison" : ERR_BAD_TYPE,
    );
  if (left !== right) throw new FunctionError("incompatible types for comparison");
  return (a as string | number) < (b as string | number);
}

const HTML: Readonly<Record<string, string>> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

function escapeHtml(text: string): string {
  return text.replace(/["'&<>]/g, (character) => HTML[character]!);
}

const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

function escapeJs(text: string): string {
  return text
    .replace(/[\\'"<>&=]/g, (character) => JS[character]!)
    .replace(
      /[\u0000-\u001f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
    );
}

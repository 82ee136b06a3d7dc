import { groupColumns } from "./columns.js";
import { inspectError } from "./inspect-error.js";
import { quoted } from "./quoted.js";

export const INSPECT_CUSTOM = Symbol.for("nodejs.util.inspect.custom");

export interface InspectOptions {
  readonly depth?: number | null;
  readonly colors?: boolean;
  readonly compact?: boolean | number;
  readonly breakLength?: number;
  readonly showHidden?: boolean;
  readonly maxArrayLength?: number | null;
  readonly maxStringLength?: number | null;
  readonly sorted?: boolean | ((a: string, b: string) => number);
  readonly getters?: boolean;
  readonly customInspect?: boolean;
}

/** One call's state. */
export interface Inspection {
  readonly depth: number;
  readonly compact: number;
  readonly breakLength: number;
  readonly maxArrayLength: number;
  readonly maxStringLength: number;
  readonly options: InspectOptions;
  readonly seen: unknown[];
  indentation: number;
  /** Depth of the value at hand. */
  current: number;
  circular: Map<unknown, number>;
  /** Cleans the text of a stack. */
  readonly stackOf: (error: Error) => string;
}

/** `util.inspect` of Node 24, without colours, proxies and hidden properties. */
export function inspect(
  value: unknown,
  options: InspectOptions = {},
  stackOf = (error: Error) => error.stack ?? String(error),
): string {
  const inspection: Inspection = {
    depth: options.depth === null ? Number.POSITIVE_INFINITY : (options.depth ?? 2),
    compact: options.compact === false ? 0 : options.compact === true ? 3 : (options.compact ?? 3),
    breakLength: options.breakLength ?? 80,
    maxArrayLength:
      options.maxArrayLength === null ? Number.POSITIVE_INFINITY : (options.maxArrayLength ?? 100),
    maxStringLength:
      options.maxStringLength === null ? Number.POSITIVE_INFINITY : (options.maxStringLength ?? 10_000),
    options,
    seen: [],
    indentation: 0,
    current: 0,
    circular: new Map(),
    stackOf,
  };
  return formatValue(inspection, value, 0, true);
}

export function formatValue(inspection: Inspection, value: unknown, recurse: number, typed = false): string {
  if (typeof value !== "object" && typeof value !== "function") return formatPrimitive(inspection, value);
  if (value === null) return "null";
  if (inspection.options.customInspect !== false) {
    const custom = (value as Record<symbol, unknown>)[INSPECT_CUSTOM];
    if (typeof custom === "function" && (value as object).constructor?.prototype !== value) {
      const depth = inspection.depth - recurse;
      const given = custom.call(value, depth, { ...inspection.options, depth }, inspect) as unknown;
      if (given !== value)
        return typeof given === "object"
          ? formatValue(inspection, given, recurse)
          : String(given).replaceAll("\n", `\n${" ".repeat(inspection.indentation)}`);
    }
  }
  if (inspection.seen.includes(value)) {
    const index = inspection.circular.get(value) ?? inspection.circular.size + 1;
    inspection.circular.set(value, index);
    return `[Circular *${index}]`;
  }
  return formatRaw(inspection, value, recurse, typed);
}

export function formatPrimitive(inspection: Inspection, value: unknown): string {
  switch (typeof value) {
    case "string": {
      const { maxStringLength } = inspection;
      const rest = value.length - maxStringLength;
      const trailer = rest > 0 ? `... ${rest} more character${rest > 1 ? "s" : ""}` : "";
      const text = rest > 0 ? value.slice(0, maxStringLength) : value;
      if (
        inspection.compact !== 1 &&
        text.length > 16 &&
        text.length > inspection.breakLength - inspection.indentation - 4
      )
        return `${text
          .split(/(?<=\n)/)
          .map(quoted)
          .join(` +\n${" ".repeat(inspection.indentation + 2)}`)}${trailer}`;
      return `${quoted(text)}${trailer}`;
    }
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "bigint":
      return `${value}n`;
    default:
      return String(value);
  }
}

interface Shape {
  readonly braces: [string, string];
  readonly entries: string[];
  readonly keys: (string | symbol)[];
  /** Entries that may stand in columns. */
  readonly grouped: boolean;
  /** Printed as it is when there is nothing to add. */
  readonly base: string;
}

function formatRaw(inspection: Inspection, value: object, recurse: number, typed: boolean): string {
  const name = constructorName(value);
  const tag = tagOf(value, name);
  if (
    recurse > inspection.depth &&
    !(value instanceof Error) &&
    typeof value !== "function" &&
    !(value instanceof Date) &&
    !(value instanceof RegExp)
  ) {
    const label = prefix(name, tag, "Object").slice(0, -1);
    return Array.isArray(value) ? "[Array]" : `[${name === null ? label : label}]`;
  }
  inspection.seen.push(value);
  inspection.current = recurse;
  const { braces, entries, keys, grouped, base } = shapeOf(inspection, value, name, tag, recurse, typed);
  for (const key of keys) entries.push(formatProperty(inspection, value, key, recurse, Array.isArray(value)));
  inspection.seen.pop();
  const index = inspection.circular.get(value);
  const reference = index === undefined ? "" : `<ref *${index}> `;
  if (entries.length === 0) {
    if (base !== "") return `${reference}${base}`;
    return `${reference}${braces[0]}${braces[1]}`;
  }
  if (typeof inspection.options.sorted === "function" || inspection.options.sorted === true)
    entries.sort(typeof inspection.options.sorted === "function" ? inspection.options.sorted : undefined);
  const text = joinEntries(inspection, entries, base, braces, grouped, recurse, value);
  return `${reference}${text}`;
}

function shapeOf(
  inspection: Inspection,
  value: object,
  name: string | null,
  tag: string,
  recurse: number,
  typed: boolean,
): Shape {
  const keys = ownKeys(value);
  const shape = (
    braces: [string, string],
    entries: string[],
    grouped = false,
    base = "",
    more = keys,
  ): Shape => ({ braces, entries, keys: more, grouped, base });
  const nested = (child: unknown) => {
    inspection.indentation += 2;
    const text = formatValue(inspection, child, recurse + 1);
    inspection.indentation -= 2;
    return text;
  };
  if (Array.isArray(value)) {
    const head = name !== "Array" || tag !== "" ? `${prefix(name, tag, "Array", `(${value.length})`)}` : "";
    return shape(
      [`${head}[`, "]"],
      arrayEntries(inspection, value, nested),
      true,
      "",
      keys.filter((key) => typeof key === "symbol" || !/^\d+$/.test(key)),
    );
  }
  if (value instanceof Set)
    return shape([`${prefix(name, tag, "Set", `(${value.size})`)}{`, "}"], [...value].map(nested));
  if (value instanceof Map)
    return shape(
      [`${prefix(name, tag, "Map", `(${value.size})`)}{`, "}"],
      [...value].map(([key, item]) => `${nested(key)} => ${nested(item)}`),
    );
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as Uint8Array;
    const entries = arrayEntries(inspection, list as unknown as unknown[], (item) =>
      formatPrimitive(inspection, item),
    );
    return shape(
      [`${prefix(name, tag, "Uint8Array", `(${list.length})`)}[`, "]"],
      entries,
      true,
      "",
      keys.filter((key) => typeof key === "symbol" || !/^\d+$/.test(key)),
    );
  }
  if (typeof value === "function")
    return shape(
      [`${functionBase(value, name, tag)} {`, "}"].map(String) as [string, string],
      [],
      false,
      functionBase(value, name, tag),
    );
  if (value instanceof RegExp) return shape([`${value} {`, "}"], [], false, String(value));
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    return shape([`${text} {`, "}"], [], false, text);
  }
  if (value instanceof Error) {
    const { base, hidden } = inspectError(inspection, value);
    const more = keys.filter((key) => !hidden.has(String(key)));
    const cause = Object.hasOwn(value, "cause") && !more.includes("cause") ? ["cause"] : [];
    const errors = value instanceof AggregateError ? ["errors"] : [];
    return shape(["{", "}"], [], false, base, [...more, ...cause, ...errors]);
  }
  if (value instanceof Promise) return shape([`${prefix(name, tag, "Promise")}{`, "}"], ["<pending>"]);
  if (value instanceof WeakSet || value instanceof WeakMap)
    return shape([`${prefix(name, tag, "WeakSet")}{`, "}"], ["<items unknown>"]);
  if (value instanceof ArrayBuffer)
    return shape(
      [`${prefix(name, tag, "ArrayBuffer")}{`, "}"],
      [
        `[Uint8Contents]: <${[...new Uint8Array(value).subarray(0, 50)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}>`,
        `byteLength: ${value.byteLength}`,
      ],
    );
  for (const [kind, Wrapper] of Object.entries({ Number, String, Boolean, BigInt, Symbol }))
    if (value instanceof (Wrapper as NumberConstructor)) {
      const base = `[${kind}${name !== kind ? ` (${name})` : ""}: ${formatPrimitive(inspection, (value as number).valueOf())}]`;
      return shape(
        [`${base} {`, "}"],
        [],
        false,
        base,
        kind === "String" ? keys.filter((key) => typeof key === "symbol" || !/^\d+$/.test(key)) : keys,
      );
    }
  if (tag === "Arguments" || Object.prototype.toString.call(value) === "[object Arguments]")
    return shape(["[Arguments] [", "]"], [...(value as unknown as unknown[])].map(nested), true, "", []);
  if (name === "Object" && tag === "") return shape(["{", "}"], [], false, keys.length === 0 ? "{}" : "");
  const head = prefix(name, tag, "Object");
  void typed;
  return shape([`${head}{`, "}"], [], false, keys.length === 0 ? `${head}{}` : "");
}

function arrayEntries(
  inspection: Inspection,
  list: readonly unknown[],
  nested: (value: unknown) => string,
): string[] {
  const limit = Math.min(inspection.maxArrayLength, list.length);
  const entries: string[] = [];
  let i = 0;
  for (; i < list.length && entries.length < limit; i++) {
    if (i in list) {
      entries.push(nested(list[i]));
      continue;
    }
    let holes = 1;
    while (i + holes < list.length && !(i + holes in list)) holes++;
    entries.push(`<${holes} empty item${holes > 1 ? "s" : ""}>`);
    i += holes - 1;
  }
  const rest = list.length - i;
  if (rest > 0) entries.push(`... ${rest} more item${rest > 1 ? "s" : ""}`);
  return entries;
}

function ownKeys(value: object): (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(value).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(value, symbol),
  );
  return [...Object.keys(value), ...symbols];
}

function formatProperty(
  inspection: Inspection,
  value: object,
  key: string | symbol,
  recurse: number,
  inArray: boolean,
): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? {
    value: (value as Record<string | symbol, unknown>)[key],
    enumerable: true,
  };
  let text: string;
  const difference = inspection.compact !== 3 || inArray ? 2 : 3;
  if (descriptor.value !== undefined || !(descriptor.get || descriptor.set)) {
    inspection.indentation += 2;
    text = formatValue(inspection, descriptor.value, recurse + 1);
    if (difference === 3 && inspection.breakLength < text.length) text = ` ${text}`.trimStart();
    inspection.indentation -= 2;
  } else
    text =
      descriptor.get === undefined
        ? "[Setter]"
        : descriptor.set === undefined
          ? "[Getter]"
          : "[Getter/Setter]";
  const name =
    typeof key === "symbol"
      ? `[${key.toString()}]`
      : key === "__proto__"
        ? "['__proto__']"
        : descriptor.enumerable === false
          ? `[${key}]`
          : /^[a-zA-Z_][a-zA-Z_0-9]*$/.test(key)
            ? key
            : quoted(key);
  return `${name}: ${text}`;
}

/** reduceToSingleString of Node's lib/internal/util/inspect.js. */
function joinEntries(
  inspection: Inspection,
  output: string[],
  base: string,
  braces: [string, string],
  grouped: boolean,
  recurse: number,
  value: object,
): string {
  const head = base === "" ? "" : base.endsWith("}") && base.startsWith("{") ? "" : `${base} `;
  const open = base !== "" && braces[0].startsWith(base) ? braces[0] : `${head}${braces[0]}`;
  let entries = output;
  if (inspection.compact >= 1) {
    const total = output.length;
    if (grouped && total > 6)
      entries = groupColumns(output, {
        compact: inspection.compact,
        breakLength: inspection.breakLength,
        indentation: inspection.indentation,
        maxArrayLength: inspection.maxArrayLength,
        length: (value as unknown[]).length,
        numbers: Array.isArray(value)
          ? value.every((item) => typeof item === "number" || typeof item === "bigint")
          : true,
      });
    if (inspection.current - recurse < inspection.compact && total === entries.length) {
      const start = entries.length + inspection.indentation + braces[0].length + base.length + 10;
      const length = entries.reduce((sum, entry) => sum + entry.length, start) + entries.length;
      if (
        length <= inspection.breakLength &&
        !entries.some((entry) => entry.includes("\n")) &&
        !base.includes("\n")
      )
        return `${open} ${entries.join(", ")} ${braces[1]}`;
    }
  }
  const indentation = `\n${" ".repeat(inspection.indentation)}`;
  return `${open}${indentation}  ${entries.join(`,${indentation}  `)}${indentation}${braces[1]}`;
}

export function constructorName(value: object): string | null {
  let at: object | null = value;
  while (at !== null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, "constructor");
    if (typeof descriptor?.value === "function" && descriptor.value.name !== "")
      return descriptor.value.name as string;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return null;
}

function tagOf(value: object, name: string | null): string {
  const tag = (value as Record<symbol, unknown>)[Symbol.toStringTag];
  return typeof tag === "string" && tag !== "" && tag !== name ? tag : "";
}

function prefix(name: string | null, tag: string, fallback: string, size = ""): string {
  if (name === null) return `[${fallback}${size}: null prototype] ${tag === "" ? "" : `[${tag}] `}`;
  return tag === "" ? `${name}${size} ` : `${name}${size} [${tag}] `;
}

function functionBase(value: object, name: string | null, tag: string): string {
  const fn = value as { name: string };
  const text = Function.prototype.toString.call(value);
  if (text.startsWith("class") && text.endsWith("}")) {
    const parent = (Object.getPrototypeOf(value) as { name?: string } | null)?.name;
    return `[class ${fn.name === "" ? "(anonymous)" : fn.name}${parent ? ` extends ${parent}` : ""}]`;
  }
  const kind = name ?? "Function";
  return `[${kind}${fn.name === "" ? " (anonymous)" : `: ${fn.name}`}]${tag === "" ? "" : ` [${tag}]`}`.replace(
    / \[(?:AsyncFunction|GeneratorFunction|AsyncGeneratorFunction)\]$/,
    "",
  );
}

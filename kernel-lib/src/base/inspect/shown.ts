import { errorBase } from "./error.js";
import {
  arrayEntries,
  bufferEntries,
  mapEntries,
  namedKeys,
  setEntries,
  type TypedArray,
  typedArrayEntries,
} from "./members.js";
import { functionBase, internalName, prefix } from "./names.js";
import type { Context, Shown } from "./options.js";
import { formatPrimitive } from "./primitive.js";

/** What is known of an object before it is opened. */
export interface Known {
  readonly name: string | null;
  readonly tag: string;
  readonly level: number;
  /** True for the buffer behind a view, whose bytes are shown there. */
  readonly typed: boolean;
  readonly keys: readonly PropertyKey[];
}

type Way = (context: Context, value: never, known: Known) => Shown | string;

/** The way of each kind of object, by the engine's own word for it or by a test of the object. */
export function shownAs(context: Context, value: object, known: Known): Shown | string {
  const way = (Array.isArray(value) ? asArray : wayOf(value)) as (
    context: Context,
    value: object,
    known: Known,
  ) => Shown | string;
  return way(context, value, known);
}

function wayOf(value: object): Way {
  if (typeof value === "function") return asFunction;
  if (value instanceof Set) return asSet;
  if (value instanceof Map) return asMap;
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? asDataView : asTypedArray;
  if (value instanceof Error || internalName(value) === "Error") return asError;
  for (const [type, way] of WAYS) if (value instanceof type) return way;
  if (typeof URL !== "undefined" && value instanceof URL) return asUrl;
  return asObject;
}

const nothing = (): string[] => [];

function braced(
  known: Known,
  fallback: string,
  more: Partial<Shown> = {},
  open = prefix(known.name, known.tag, fallback),
): Shown {
  return { base: "", braces: [`${open}{`, "}"], keys: known.keys, isList: false, inner: nothing, ...more };
}

/** `Foo [tag] ` for an object of no special kind. */
export function styleOf(value: object, name: string | null, tag: string): string {
  const own = internalName(value);
  const kind = name !== null ? "" : own === tag ? "Object" : own;
  return prefix(name, tag, kind);
}

function asObject(_context: Context, value: object, known: Known): Shown | string {
  const { name, tag, keys } = known;
  if (internalName(value) === "Arguments" && name === "Object")
    return keys.length === 0 ? "[Arguments] {}" : braced(known, "Object", {}, "[Arguments] ");
  const open = name === "Object" && tag === "" ? "" : styleOf(value, name, tag);
  return keys.length === 0 ? `${open}{}` : braced(known, "Object", {}, open);
}

function asArray(context: Context, value: readonly unknown[], known: Known): Shown | string {
  const keys = namedKeys(value, context.showHidden);
  const plain = known.name === "Array" && known.tag === "";
  const open = plain ? "" : prefix(known.name, known.tag, "Array", `(${value.length})`);
  if (value.length === 0 && keys.length === 0) return `${open}[]`;
  return {
    base: "",
    braces: [`${open}[`, "]"],
    keys,
    isList: true,
    inner: (level) => arrayEntries(context, value, level),
  };
}

function asTypedArray(context: Context, value: TypedArray, known: Known): Shown | string {
  const keys = namedKeys(value, context.showHidden);
  const open = prefix(known.name, known.tag, internalName(value), `(${value.length})`);
  if (value.length === 0 && keys.length === 0) return `${open}[]`;
  const inner = () => typedArrayEntries(context, value);
  return { base: "", braces: [`${open}[`, "]"], keys, isList: true, inner };
}

function asSet(context: Context, value: ReadonlySet<unknown>, known: Known): Shown | string {
  const open = prefix(known.name, known.tag, "Set", `(${value.size})`);
  if (value.size === 0 && known.keys.length === 0) return `${open}{}`;
  const inner = (level: number) => setEntries(context, value, value.size, level);
  return braced(known, "Set", { inner }, open);
}

function asMap(context: Context, value: ReadonlyMap<unknown, unknown>, known: Known): Shown | string {
  const open = prefix(known.name, known.tag, "Map", `(${value.size})`);
  if (value.size === 0 && known.keys.length === 0) return `${open}{}`;
  return braced(known, "Map", { inner: (level) => mapEntries(context, value, level) }, open);
}

/** A value that a text stands for; its own properties follow in braces. */
function withBase(known: Known, base: string, keys: readonly PropertyKey[] = known.keys): Shown | string {
  return keys.length === 0 ? base : { base, braces: ["{", "}"], keys, isList: false, inner: nothing };
}

function asFunction(_context: Context, value: object, known: Known): Shown | string {
  return withBase(known, functionBase(value, known.name, known.tag));
}

function asError(context: Context, value: Error, known: Known): Shown | string {
  const { base, keys } = errorBase(context, value, known.name, known.tag, known.keys);
  return withBase(known, base, keys);
}

function asDate(_context: Context, value: Date, known: Known): Shown | string {
  const text = Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  const open = prefix(known.name, known.tag, "Date");
  return withBase(known, open === "Date " ? text : open + text);
}

function asRegExp(context: Context, value: RegExp, known: Known): Shown | string {
  const open = prefix(known.name, known.tag, "RegExp");
  const base = open === "RegExp " ? String(value) : `${open}${value}`;
  return known.level > context.depth ? base : withBase(known, base);
}

function asUrl(_context: Context, value: URL, known: Known): Shown | string {
  return withBase(known, value.href, []);
}

function asArrayBuffer(context: Context, value: ArrayBuffer, known: Known): Shown | string {
  const open = prefix(known.name, known.tag, "ArrayBuffer");
  if (known.typed && known.keys.length === 0) return `${open}{ byteLength: ${value.byteLength} }`;
  const inner = known.typed ? nothing : () => bufferEntries(context, value);
  return braced(known, "ArrayBuffer", { keys: ["byteLength", ...known.keys], inner });
}

function asDataView(_context: Context, _value: DataView, known: Known): Shown {
  return braced(known, "DataView", { keys: ["byteLength", "byteOffset", "buffer", ...known.keys] });
}

const unseen =
  (kind: string, text: string): Way =>
  (_context, _value, known) =>
    braced(known, kind, { inner: () => [text] });

function asBoxed(context: Context, value: object, known: Known): Shown | string {
  const inside: unknown = (value as { valueOf(): unknown }).valueOf();
  const kind = typeof inside === "bigint" ? "BigInt" : internalName(Object(inside) as object);
  const { name, tag } = known;
  const other = kind === name ? "" : name === null ? " (null prototype)" : ` (${name})`;
  const keys = typeof inside === "string" ? known.keys.slice(inside.length) : known.keys;
  const shown = tag !== "" && tag !== name ? ` [${tag}]` : "";
  return withBase(known, `[${kind}${other}: ${formatPrimitive(context, inside)}]${shown}`, keys);
}

/** Kinds that a class tells. */
const WAYS: readonly (readonly [new (...given: never[]) => object, Way])[] = [
  [RegExp, asRegExp],
  [Date, asDate],
  [ArrayBuffer, asArrayBuffer],
  [Promise, unseen("Promise", "<pending>")],
  [WeakSet, unseen("WeakSet", "<items unknown>")],
  [WeakMap, unseen("WeakMap", "<items unknown>")],
  [Number, asBoxed],
  [String, asBoxed],
  [Boolean, asBoxed],
  [BigInt as never, asBoxed],
  [Symbol as never, asBoxed],
];

import { type Context, moreItems } from "./options.js";
import { escapeSymbol, formatNumber, quote } from "./primitive.js";

const NAME = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const INDEX = /^(0|[1-9][0-9]*)$/;

/** One property: `name: value`; of a list (`bare`) the value alone. */
export function formatProperty(
  context: Context,
  value: object,
  level: number,
  key: PropertyKey,
  bare = false,
): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? {
    value: (value as Record<PropertyKey, unknown>)[key],
    enumerable: true,
  };
  const text = propertyValue(context, descriptor, level);
  return bare ? text : `${propertyName(key, descriptor.enumerable === false)}: ${text}`;
}

function propertyValue(context: Context, descriptor: PropertyDescriptor, level: number): string {
  if (descriptor.value !== undefined)
    return indented(context, () => context.show(descriptor.value as unknown, level));
  if (descriptor.get !== undefined) return descriptor.set !== undefined ? "[Getter/Setter]" : "[Getter]";
  return descriptor.set !== undefined ? "[Setter]" : "undefined";
}

function propertyName(key: PropertyKey, hidden: boolean): string {
  if (typeof key === "symbol") return `[${escapeSymbol(key)}]`;
  const name = String(key);
  if (name === "__proto__") return "['__proto__']";
  if (hidden) return `[${name}]`;
  return NAME.test(name) ? name : quote(name);
}

function indented<T>(context: Context, work: () => T): T {
  context.indentation += 2;
  const result = work();
  context.indentation -= 2;
  return result;
}

export function arrayEntries(context: Context, value: readonly unknown[], level: number): string[] {
  const length = Math.min(context.maxArrayLength, value.length);
  const output: string[] = [];
  for (let i = 0; i < length; i++) {
    if (!Object.hasOwn(value, i)) return sparseEntries(context, value, level, length, output);
    output.push(formatProperty(context, value, level, i, true));
  }
  if (value.length > length) output.push(moreItems(value.length - length));
  return output;
}

const emptyItems = (count: number): string => `<${count} empty item${count > 1 ? "s" : ""}>`;

/** The rest of an array with holes; each row of holes is one entry. */
function sparseEntries(
  context: Context,
  value: readonly unknown[],
  level: number,
  most: number,
  output: string[],
): string[] {
  let index = output.length;
  for (const key of Object.keys(value).slice(index)) {
    if (output.length >= most || !INDEX.test(key) || Number(key) > 2 ** 32 - 2) break;
    if (String(index) !== key) {
      output.push(emptyItems(Number(key) - index));
      index = Number(key);
      if (output.length === most) break;
    }
    output.push(formatProperty(context, value, level, key, true));
    index++;
  }
  const left = value.length - index;
  if (left > 0) output.push(output.length !== most ? emptyItems(left) : moreItems(left));
  return output;
}

export type TypedArray = Uint8Array | Float64Array | BigInt64Array;

export function typedArrayEntries(context: Context, value: TypedArray): string[] {
  const length = Math.min(context.maxArrayLength, value.length);
  const show = (item: number | bigint) => (typeof item === "bigint" ? `${item}n` : formatNumber(item));
  const output = Array.from({ length }, (_, i) => show(value[i]!));
  if (value.length > length) output.push(moreItems(value.length - length));
  return output;
}

export function setEntries(
  context: Context,
  value: Iterable<unknown>,
  size: number,
  level: number,
): string[] {
  return indented(context, () => {
    const output: string[] = [];
    for (const item of value) {
      if (output.length >= context.maxArrayLength) break;
      output.push(context.show(item, level));
    }
    if (size > output.length) output.push(moreItems(size - output.length));
    return output;
  });
}

export function mapEntries(context: Context, value: ReadonlyMap<unknown, unknown>, level: number): string[] {
  return indented(context, () => {
    const output: string[] = [];
    for (const [key, item] of value) {
      if (output.length >= context.maxArrayLength) break;
      output.push(`${context.show(key, level)} => ${context.show(item, level)}`);
    }
    if (value.size > output.length) output.push(moreItems(value.size - output.length));
    return output;
  });
}

export function bufferEntries(context: Context, value: ArrayBuffer): string[] {
  const bytes = new Uint8Array(value);
  const shown = [...bytes.subarray(0, Math.min(context.maxArrayLength, bytes.length))];
  const left = bytes.length - shown.length;
  const more = left > 0 ? ` ... ${left} more byte${left > 1 ? "s" : ""}` : "";
  return [`[Uint8Contents]: <${shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}${more}>`];
}

/** The names of an array's or a buffer's properties that are no indexes. */
export function namedKeys(value: object, showHidden: boolean): PropertyKey[] {
  return keysOf(value, showHidden).filter((key) => typeof key === "symbol" || !INDEX.test(String(key)));
}

export function keysOf(value: object, showHidden: boolean): PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value);
  if (showHidden) return [...Object.getOwnPropertyNames(value), ...symbols];
  const shown = symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol));
  return [...Object.keys(value), ...shown];
}

import { joinEntries } from "./layout.js";
import { formatProperty, keysOf } from "./members.js";
import { constructorName, tagOf } from "./names.js";
import { type Context, type InspectOptions, makeContext, type StackOf } from "./options.js";
import { formatPrimitive } from "./primitive.js";
import { shownAs, styleOf } from "./shown.js";

export type { InspectOptions, StackOf } from "./options.js";

/** The key under which an object keeps its own way of being shown: Node's symbol. */
export const CUSTOM: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/**
 * A value as text, as `util.inspect` of Node 20 shows it; here so that it is the same where there is no Node.
 * Divergences: what a promise has become cannot be seen from inside, so each is `Promise { <pending> }`; a proxy is shown through its own traps; an
 * iterator shows no items.
 */
export function inspect(value: unknown, options: InspectOptions = {}, stackOf: StackOf = fullStack): string {
  const context: Context = makeContext(options, stackOf, (inner, level, typed) =>
    formatValue(context, inner, level, typed === true),
  );
  return context.show(value, 0);
}

function fullStack(error: Error): string {
  return error.stack ? String(error.stack) : Error.prototype.toString.call(error);
}

function formatValue(context: Context, value: unknown, level: number, typed: boolean): string {
  if (value === null || (typeof value !== "object" && typeof value !== "function"))
    return formatPrimitive(context, value);
  const custom = customText(context, value, level);
  if (custom !== null) return custom;
  if (!context.seen.includes(value)) return formatObject(context, value, level, typed);
  const number = context.circular.get(value) ?? context.circular.size + 1;
  context.circular.set(value, number);
  return `[Circular *${number}]`;
}

/** What an object's own method for this says; null when it has none. */
function customText(context: Context, value: object, level: number): string | null {
  if (context.given.customInspect === false) return null;
  const method = (value as { [CUSTOM]?: unknown })[CUSTOM];
  if (typeof method !== "function" || method === inspect) return null;
  const made = (value as { constructor?: { prototype?: unknown } }).constructor;
  if (made?.prototype === value) return null;
  const options = { ...context.given, stylize: (text: string) => text };
  const answer: unknown = method.call(value, context.depth - level, options, inspect);
  if (answer === value) return null;
  if (typeof answer !== "string") return context.show(answer, level);
  return answer.replaceAll("\n", `\n${" ".repeat(context.indentation)}`);
}

function formatObject(context: Context, value: object, level: number, typed: boolean): string {
  const name = constructorName(value);
  const tag = tagOf(value, context.showHidden);
  const shown = shownAs(context, value, { name, tag, level, typed, keys: keysOf(value, context.showHidden) });
  if (typeof shown === "string") return shown;
  if (level > context.depth) {
    const style = styleOf(value, name, tag).slice(0, -1);
    return name === null ? style : `[${style}]`;
  }
  context.seen.push(value);
  context.currentDepth = level + 1;
  const inner = shown.inner(level + 1);
  const named = shown.keys.map((key) => formatProperty(context, value, level + 1, key));
  context.seen.pop();
  const entries = sortedEntries(context, shown.isList, inner, named);
  const number = context.circular.get(value);
  const base = number === undefined ? shown.base : `<ref *${number}> ${shown.base}`.trimEnd();
  return joinEntries(context, entries, level + 1, {
    base,
    braces: shown.braces,
    isList: shown.isList,
    value: Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as unknown[]) : undefined,
  });
}

/** A list keeps the order of its elements; everything else is sorted when that is asked for. */
function sortedEntries(context: Context, isList: boolean, inner: string[], named: string[]): string[] {
  if (!context.sorted) return [...inner, ...named];
  return isList ? [...inner, ...named.sort()] : [...inner, ...named].sort();
}

import { prefix } from "./names.js";
import type { Context } from "./options.js";

/** An error's stack as Node shows it, and the properties that stand in braces behind it. */
export function errorBase(
  context: Context,
  error: Error,
  name: string | null,
  tag: string,
  given: readonly PropertyKey[],
): { base: string; keys: PropertyKey[] } {
  const own = error.name != null ? String(error.name) : "Error";
  const trace = context.stackOf(error);
  const keys = given.filter((key) => context.showHidden || !isInStack(error, key, trace));
  if ("cause" in error && !keys.includes("cause")) keys.push("cause");
  const { errors } = error as { errors?: unknown };
  if (Array.isArray(errors) && !keys.includes("errors")) keys.push("errors");
  const stack = withClass(trace, name, own, tag);
  const at = error.message ? stack.indexOf(error.message) : -1;
  const from = stack.indexOf("\n    at", at === -1 ? at : at + error.message.length);
  const base = from === -1 ? `[${stack}]` : stack;
  return { base: base.replaceAll("\n", `\n${" ".repeat(context.indentation)}`), keys };
}

function isInStack(error: Error, key: PropertyKey, stack: string): boolean {
  if (key !== "name" && key !== "message" && key !== "stack") return false;
  return stack.includes(String(error[key]));
}

/** Puts the class's name where the stack has only the error's own: `MyError [Error]: …`. */
function withClass(stack: string, name: string | null, own: string, tag: string): string {
  const regular =
    own.endsWith("Error") &&
    stack.startsWith(own) &&
    (stack.length === own.length || stack[own.length] === ":" || stack[own.length] === "\n");
  if (name !== null && !regular) return stack;
  const start =
    /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
  const found = name === null ? (start?.[1] ?? "") : own;
  const shown = prefix(name, tag, (name === null && found) || "Error").slice(0, -1);
  if (own === shown) return stack;
  if (!shown.includes(own)) return `${shown} [${own}]${stack.slice(found.length)}`;
  return found === "" ? `${shown}: ${stack}` : `${shown}${stack.slice(found.length)}`;
}

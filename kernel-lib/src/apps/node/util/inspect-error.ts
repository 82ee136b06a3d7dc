import type { Inspection } from "./inspect.js";

/** The text of an error, and its own fields that the text has already. */
export function inspectError(
  inspection: Inspection,
  error: Error,
): { base: string; hidden: ReadonlySet<string> } {
  let stack = inspection.stackOf(error);
  const lines = stack.indexOf("\n    at");
  if (lines === -1) stack = `[${stack}]`;
  const hidden = new Set<string>();
  for (const name of ["name", "message", "stack"]) {
    const value = (error as unknown as Record<string, unknown>)[name];
    if (typeof value === "string" && stack.includes(value)) hidden.add(name);
  }
  if (inspection.indentation > 0) stack = stack.replaceAll("\n", `\n${" ".repeat(inspection.indentation)}`);
  return { base: stack, hidden };
}

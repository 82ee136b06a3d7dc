/** Deepest nesting: a plan has six levels, a daemon.json four. */
const DEEPEST = 12;

/** Names that reach an object's prototype when they are assigned. */
const FORBIDDEN: readonly string[] = ["__proto__", "constructor", "prototype"];

/** Throws a RangeError where JSON from outside is nested too deep, or has a name that would reach an object's prototype. */
export function checkPlainJson(value: unknown, what: string, depth = 0): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= DEEPEST) throw new RangeError(`${what} is nested deeper than ${DEEPEST} levels`);
  for (const name of Object.keys(value))
    if (FORBIDDEN.includes(name)) throw new RangeError(`${what} has a name that is not allowed: "${name}"`);
  for (const inner of Object.values(value)) checkPlainJson(inner, what, depth + 1);
}

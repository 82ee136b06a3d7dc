/** Marks a branch that the types rule out: an unhandled member of a closed union is a compile error here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}

/** Throws when `condition` does not hold: for bugs of this library, never for bad input of a user. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug in hopbook: ${message}`);
}

/** Whether two values have the same shape and content: as `assert.deepStrictEqual` compares when `strict`, else as `deepEqual`. */
export function deepEqual(
  a: unknown,
  b: unknown,
  strict: boolean,
  pairs: [unknown, unknown][] = [],
): boolean {
  if (
    strict
      ? Object.is(a, b)
      : a === b ||
        (typeof a !== "object" &&
          typeof b !== "object" &&
          (looselyEqual(a, b) || (Number.isNaN(a) && Number.isNaN(b))))
  )
    return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  if (pairs.some(([x, y]) => x === a && y === b)) return true;
  const seen: [unknown, unknown][] = [...pairs, [a, b]];
  if (a instanceof Date) return a.getTime() === (b as Date).getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (a.message !== (b as Error).message || a.name !== (b as Error).name))
    return false;
  if (ArrayBuffer.isView(a) && !equalBytes(a as Uint8Array, b as Uint8Array)) return false;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  if (a instanceof Set)
    return (
      a.size === (b as Set<unknown>).size &&
      [...a].every(
        (item) =>
          (b as Set<unknown>).has(item) ||
          [...(b as Set<unknown>)].some((other) => deepEqual(item, other, strict, seen)),
      )
    );
  if (a instanceof Map)
    return (
      a.size === (b as Map<unknown, unknown>).size &&
      [...a].every(([key, item]) =>
        [...(b as Map<unknown, unknown>)].some(
          ([other, value]) => deepEqual(key, other, strict, seen) && deepEqual(item, value, strict, seen),
        ),
      )
    );
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      deepEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], strict, seen),
  );
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** `==` of two primitive values. */
function looselyEqual(a: unknown, b: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: assert.deepEqual compares with it.
  return a == b;
}

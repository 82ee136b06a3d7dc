import { inspect } from "../../../base/inspect/inspect.js";
import { nodeError } from "../errors.js";
import type { Runtime } from "../runtime.js";
import { deepEqual } from "../util/deep-equal.js";

/** `==` of what tests compare: the same value, or a number and its text. */
function loose(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  const kinds = [typeof a, typeof b];
  return kinds.includes("number") && kinds.includes("string") && Number(a) === Number(b);
}

/** `node:assert`. Its messages do not draw the difference of two values. */
export function assertModule(_: Runtime): unknown {
  class AssertionError extends Error {
    readonly code = "ERR_ASSERTION";
    readonly generatedMessage: boolean;
    readonly actual: unknown;
    readonly expected: unknown;
    readonly operator: string;
    constructor(options: { message?: string; actual?: unknown; expected?: unknown; operator?: string }) {
      super(options.message ?? `${inspect(options.actual)} ${options.operator} ${inspect(options.expected)}`);
      this.name = "AssertionError";
      this.generatedMessage = options.message === undefined;
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = options.operator ?? "fail";
    }
  }
  const fail = (
    message: unknown,
    text: string,
    actual: unknown,
    expected: unknown,
    operator: string,
  ): never => {
    if (message instanceof Error) throw message;
    throw new AssertionError({
      message: message === undefined ? text : String(message),
      actual,
      expected,
      operator,
    });
  };
  const pair =
    (words: string, operator: string, test: (a: unknown, b: unknown) => boolean) =>
    (a: unknown, b: unknown, message?: unknown) => {
      if (!test(a, b)) fail(message, `${words}\n\n${inspect(a)} !== ${inspect(b)}\n`, a, b, operator);
    };
  const ok = (value: unknown, message?: unknown) => {
    if (!value) fail(message, "The expression evaluated to a falsy value", value, true, "==");
  };
  const matches = (error: unknown, wanted: unknown): boolean => {
    if (wanted === undefined || typeof wanted === "string") return true;
    if (wanted instanceof RegExp) return wanted.test(String(error));
    if (typeof wanted === "function")
      return (wanted as { prototype?: object }).prototype !== undefined && error instanceof (wanted as never)
        ? true
        : (wanted as (error: unknown) => unknown)(error) === true;
    return Object.entries(wanted as object).every(([key, value]) => {
      const own = (error as Record<string, unknown>)[key];
      return value instanceof RegExp && typeof own === "string"
        ? value.test(own)
        : deepEqual(own, value, true);
    });
  };
  const throws = (run: () => unknown, wanted?: unknown, message?: unknown) => {
    try {
      run();
    } catch (error) {
      if (matches(error, wanted)) return;
      throw error;
    }
    fail(message, "Missing expected exception.", undefined, wanted, "throws");
  };
  const rejects = async (
    promise: Promise<unknown> | (() => Promise<unknown>),
    wanted?: unknown,
    message?: unknown,
  ) => {
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      if (matches(error, wanted)) return;
      throw error;
    }
    fail(message, "Missing expected rejection.", undefined, wanted, "rejects");
  };
  const assert = Object.assign(ok, {
    AssertionError,
    ok,
    equal: pair("Expected values to be loosely equal:", "==", loose),
    notEqual: pair('Expected "actual" to be loosely unequal to:', "!=", (a, b) => !loose(a, b)),
    strictEqual: pair("Expected values to be strictly equal:", "strictEqual", Object.is),
    notStrictEqual: pair(
      'Expected "actual" to be strictly unequal to:',
      "notStrictEqual",
      (a, b) => !Object.is(a, b),
    ),
    deepEqual: pair("Expected values to be loosely deep-equal:", "deepEqual", (a, b) =>
      deepEqual(a, b, false),
    ),
    deepStrictEqual: pair("Expected values to be strictly deep-equal:", "deepStrictEqual", (a, b) =>
      deepEqual(a, b, true),
    ),
    notDeepStrictEqual: pair(
      'Expected "actual" not to be strictly deep-equal to:',
      "notDeepStrictEqual",
      (a, b) => !deepEqual(a, b, true),
    ),
    match: (text: string, pattern: RegExp, message?: unknown) => {
      if (!pattern.test(text))
        fail(
          message,
          `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
          text,
          pattern,
          "match",
        );
    },
    fail: (message: unknown = "Failed") => fail(message, "Failed", undefined, undefined, "fail"),
    ifError: (value: unknown) => {
      if (value !== null && value !== undefined)
        throw value instanceof Error
          ? value
          : nodeError("ERR_ASSERTION", `ifError got unwanted exception: ${String(value)}`);
    },
    throws,
    doesNotThrow: (run: () => unknown) => run(),
    rejects,
    doesNotReject: async (promise: Promise<unknown> | (() => Promise<unknown>)) => {
      await (typeof promise === "function" ? promise() : promise);
    },
  }) as unknown as Record<string, unknown>;
  assert["strict"] = assert;
  return assert;
}

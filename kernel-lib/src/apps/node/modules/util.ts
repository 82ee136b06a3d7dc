import { formatWith } from "../../../base/inspect/format.js";
import { CUSTOM, type InspectOptions, inspect } from "../../../base/inspect/inspect.js";
import { argumentType } from "../errors.js";
import type { Runtime } from "../runtime.js";
import { deepEqual } from "../util/deep-equal.js";
import { types } from "../util/types.js";

type Fn = (...args: unknown[]) => unknown;

const PROMISIFIED = Symbol.for("nodejs.util.promisify.custom");

/** `node:util`. */
export function utilModule(runtime: Runtime): unknown {
  const show = (value: unknown, options: InspectOptions | boolean = {}) =>
    inspect(value, typeof options === "boolean" ? {} : options, runtime.stackOf);
  const inspectFunction = Object.assign(show, { custom: CUSTOM, defaultOptions: {} });
  return {
    inspect: inspectFunction,
    format: (...args: unknown[]) => formatWith(show, args),
    formatWithOptions: (options: InspectOptions, ...args: unknown[]) =>
      formatWith((value, own) => show(value, { ...options, ...own }), args),
    inherits,
    promisify: Object.assign(promisify, { custom: PROMISIFIED }),
    callbackify,
    deprecate: (fn: Fn) => fn,
    debuglog: () => Object.assign(() => {}, { enabled: false }),
    debug: () => Object.assign(() => {}, { enabled: false }),
    isDeepStrictEqual: (a: unknown, b: unknown) => deepEqual(a, b, true),
    types,
    isArray: Array.isArray,
    stripVTControlCharacters: (text: string) => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, ""),
    toUSVString: (text: string) => (text as string & { toWellFormed(): string }).toWellFormed(),
    styleText: (_style: unknown, text: string) => text,
    TextEncoder,
    TextDecoder,
  };
}

function inherits(child: Fn & { super_?: unknown }, parent: Fn): void {
  if (typeof child !== "function") throw argumentType("ctor", "function", child);
  if (typeof parent !== "function") throw argumentType("superCtor", "function", parent);
  Object.defineProperty(child, "super_", { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(child.prototype, parent.prototype as object);
}

function promisify(original: Fn & { [PROMISIFIED]?: Fn }): Fn {
  if (typeof original !== "function") throw argumentType("original", "function", original);
  const known = original[PROMISIFIED];
  if (known !== undefined) return known;
  return function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error: unknown, value: unknown) =>
        error ? reject(error) : resolve(value),
      );
    });
  };
}

function callbackify(original: Fn): Fn {
  return function (this: unknown, ...args: unknown[]) {
    const callback = args.pop() as (error: unknown, value?: unknown) => void;
    void (original.apply(this, args) as Promise<unknown>).then(
      (value) => callback(null, value),
      (error: unknown) => callback(error ?? new Error("Promise was rejected with a falsy value")),
    );
  };
}

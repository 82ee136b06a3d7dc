const tag = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);

/** `util.types`. */
export const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  isDate: (value: unknown) => value instanceof Date,
  isRegExp: (value: unknown) => value instanceof RegExp,
  isMap: (value: unknown) => value instanceof Map,
  isSet: (value: unknown) => value instanceof Set,
  isWeakMap: (value: unknown) => value instanceof WeakMap,
  isWeakSet: (value: unknown) => value instanceof WeakSet,
  isPromise: (value: unknown) => value instanceof Promise,
  isNativeError: (value: unknown) => value instanceof Error,
  isArrayBuffer: (value: unknown) => value instanceof ArrayBuffer,
  isAnyArrayBuffer: (value: unknown) => value instanceof ArrayBuffer || tag(value) === "SharedArrayBuffer",
  isArrayBufferView: (value: unknown) => ArrayBuffer.isView(value),
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value: unknown) => value instanceof Uint8Array,
  isDataView: (value: unknown) => value instanceof DataView,
  isAsyncFunction: (value: unknown) => tag(value) === "AsyncFunction",
  isGeneratorFunction: (value: unknown) => /GeneratorFunction$/.test(tag(value)),
  isGeneratorObject: (value: unknown) => tag(value) === "Generator",
  isSymbolObject: (value: unknown) => typeof value === "object" && tag(value) === "Symbol",
  isNumberObject: (value: unknown) => typeof value === "object" && tag(value) === "Number",
  isStringObject: (value: unknown) => typeof value === "object" && tag(value) === "String",
  isBooleanObject: (value: unknown) => typeof value === "object" && tag(value) === "Boolean",
  isBoxedPrimitive: (value: unknown) =>
    typeof value === "object" && /^(Number|String|Boolean|BigInt|Symbol)$/.test(tag(value)),
  isProxy: () => false,
  isExternal: () => false,
};

/** The name of a value's class; null for an object without a prototype. */
export function constructorName(value: object): string | null {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const made = Object.getOwnPropertyDescriptor(at, "constructor")?.value as unknown;
    if (typeof made === "function" && made.name !== "" && isInstance(value, made)) return String(made.name);
  }
  const parent = Object.getPrototypeOf(value) as object | null;
  if (parent === null) return null;
  const inside = Reflect.ownKeys(parent).length === 0 ? " {}" : "";
  return `${internalName(value)} <[Object: null prototype]${inside}>`;
}

function isInstance(value: object, made: unknown): boolean {
  try {
    return value instanceof (made as new () => unknown);
  } catch {
    return false;
  }
}

/** The engine's own word for the kind of object, e.g. `Map`, whatever the object says of itself. */
export function internalName(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** `Foo `, `Foo(3) `, `Foo [tag] ` or `[Foo: null prototype] ` before the brace. */
export function prefix(name: string | null, tag: string, fallback: string, size = ""): string {
  if (name === null) {
    const shown = tag !== "" && fallback !== tag ? ` [${tag}]` : "";
    return `[${fallback}${size}: null prototype]${shown} `;
  }
  return `${name}${size}${tag !== "" && name !== tag ? ` [${tag}]` : ""} `;
}

/** The value's `Symbol.toStringTag`, unless the object has it as a property that is listed. */
export function tagOf(value: object, showHidden: boolean): string {
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag !== "string" || tag === "") return "";
  const listed = showHidden
    ? Object.hasOwn(value, Symbol.toStringTag)
    : Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return listed ? "" : tag;
}

const GENERATOR = Object.getPrototypeOf(function* () {}) as object;
const ASYNC_GENERATOR = Object.getPrototypeOf(async function* () {}) as object;
const ASYNC = Object.getPrototypeOf(async () => {}) as object;

/** `[Function: f]`, `[AsyncFunction: f]`, `[class A extends B]`. */
export function functionBase(value: object, name: string | null, tag: string): string {
  const text = Function.prototype.toString.call(value);
  if (/^class\b/.test(text) && text.endsWith("}")) return classBase(value, name, tag);
  const kind = Object.getPrototypeOf(value) as object | null;
  const isAsync = kind === ASYNC || kind === ASYNC_GENERATOR;
  const isGenerator = kind === GENERATOR || kind === ASYNC_GENERATOR;
  const type = `${isAsync ? "Async" : ""}${isGenerator ? "Generator" : ""}Function`;
  const own = (value as { name?: unknown }).name;
  const shown = own === "" ? " (anonymous)" : `: ${String(own)}`;
  const orphan = name === null ? " (null prototype)" : "";
  const other = name !== null && name !== type ? ` ${name}` : "";
  return `[${type}${orphan}${shown}]${other}${tag !== "" && name !== tag ? ` [${tag}]` : ""}`;
}

function classBase(value: object, name: string | null, tag: string): string {
  const own = Object.hasOwn(value, "name") ? (value as { name: unknown }).name : "";
  let base = `class ${String(own || "(anonymous)")}`;
  if (name !== "Function" && name !== null) base += ` [${name}]`;
  if (tag !== "" && name !== tag) base += ` [${tag}]`;
  if (name === null) return `[${base} extends [null prototype]]`;
  const parent = (Object.getPrototypeOf(value) as { name?: unknown }).name;
  return parent ? `[${base} extends ${String(parent)}]` : `[${base}]`;
}

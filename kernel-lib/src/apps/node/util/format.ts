import { type InspectOptions, inspect } from "./inspect.js";

export type Inspector = (value: unknown, options?: InspectOptions) => string;

/** `util.format`: printf's words `%s %d %i %f %j %o %O %c %%`, then what is left over with blanks between. */
export function format(show: Inspector, args: readonly unknown[]): string {
  const [first, ...rest] = args;
  if (args.length === 0) return "";
  if (typeof first !== "string")
    return args.map((arg) => (typeof arg === "string" ? arg : show(arg))).join(" ");
  let next = 0;
  const text =
    rest.length === 0
      ? first
      : first.replace(/%[sdifjoOc%]/g, (word) => {
          if (word === "%%") return "%";
          if (next >= rest.length) return word;
          return formatOne(show, word, rest[next++]);
        });
  const others = rest.slice(next).map((arg) => ` ${typeof arg === "string" ? arg : show(arg)}`);
  return `${text}${others.join("")}`;
}

function formatOne(show: Inspector, word: string, value: unknown): string {
  switch (word) {
    case "%s":
      if (typeof value === "string") return value;
      if (typeof value === "bigint") return `${value}n`;
      if (Object.is(value, -0)) return "-0";
      if (typeof value !== "object" || value === null)
        return typeof value === "function" ? String(value) : String(value);
      return hasOwnText(value) ? String(value) : show(value, { depth: 0, compact: 3 });
    case "%d":
      return typeof value === "bigint"
        ? `${value}n`
        : typeof value === "symbol"
          ? "NaN"
          : show(typeof value === "object" ? Number.NaN : Number(value));
    case "%i":
      return typeof value === "bigint"
        ? `${value}n`
        : typeof value === "symbol" || typeof value === "object"
          ? "NaN"
          : show(Number.parseInt(String(value), 10));
    case "%f":
      return typeof value === "symbol" ? "NaN" : show(Number.parseFloat(String(value)));
    case "%j":
      try {
        return JSON.stringify(value) ?? "undefined";
      } catch (error) {
        if (/circular/i.test((error as Error).message)) return "[Circular]";
        throw error;
      }
    case "%o":
      return show(value, { showHidden: true, depth: 4 });
    case "%O":
      return show(value);
    default:
      return "";
  }
}

/** A class of the program's own that says itself how it is written. */
function hasOwnText(value: object): boolean {
  if (value instanceof Error || value instanceof Date) return value instanceof Date ? false : false;
  const own = (value as { toString?: unknown }).toString;
  return (
    typeof own === "function" &&
    own !== Object.prototype.toString &&
    own !== Array.prototype.toString &&
    !(value instanceof Map) &&
    !(value instanceof Set) &&
    Object.getPrototypeOf(value) !== Array.prototype
  );
}

/** What `console.log` prints of values. */
export function formatLine(args: readonly unknown[], stackOf: (error: Error) => string): string {
  return format((value, options) => inspect(value, options ?? {}, stackOf), args);
}

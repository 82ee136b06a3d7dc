import { type InspectOptions, inspect } from "./inspect.js";
import { formatNumber } from "./primitive.js";

/** How values are shown within a text. */
export type Show = (value: unknown, options: InspectOptions) => string;

/** What `console.log` prints for its arguments, without the line's end: `util.format` of Node 20. */
export function format(...given: readonly unknown[]): string {
  return formatWith(inspect, given);
}

/** The same, where values are shown in another way. */
export function formatWith(show: Show, given: readonly unknown[]): string {
  const [first, ...rest] = given;
  if (typeof first !== "string") return given.map((item) => asText(item, show)).join(" ");
  if (rest.length === 0) return first;
  let used = 0;
  const text = first.replace(/%([sjdOoifc%])/g, (whole, letter: string) => {
    if (letter === "%") return "%";
    return used < rest.length ? placed(letter, rest[used++], show) : whole;
  });
  return [text, ...rest.slice(used).map((item) => asText(item, show))].join(" ");
}

const asText = (item: unknown, show: Show): string => (typeof item === "string" ? item : show(item, {}));

/** What stands where `%s` and the like stood. */
function placed(letter: string, item: unknown, show: Show): string {
  switch (letter) {
    case "s":
      return plainText(item, show);
    case "j":
      return asJson(item);
    case "O":
      return show(item, {});
    case "o":
      return show(item, { showHidden: true, depth: 4 });
    case "c":
      return "";
    default:
      return asNumber(letter, item);
  }
}

function asNumber(letter: string, item: unknown): string {
  if (typeof item === "symbol") return "NaN";
  if (letter === "f") return formatNumber(Number.parseFloat(String(item)));
  if (typeof item === "bigint") return `${item}n`;
  if (typeof item === "object" && letter === "d") return formatNumber(Number(item));
  return formatNumber(letter === "i" ? Number.parseInt(String(item), 10) : Number(item));
}

function plainText(item: unknown, show: Show): string {
  if (typeof item === "number") return formatNumber(item);
  if (typeof item === "bigint") return `${item}n`;
  if (typeof item !== "object" || item === null || !hasBuiltInText(item)) return String(item);
  return show(item, { compact: 3, depth: 0 });
}

/** Whether nobody has given the object, or its class, a `toString` of its own. */
function hasBuiltInText(value: object): boolean {
  const { toString: own, [Symbol.toPrimitive]: primitive } = value as {
    toString?: unknown;
    [Symbol.toPrimitive]?: unknown;
  };
  if (typeof own !== "function" && typeof primitive !== "function") return true;
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (!Object.hasOwn(at, "toString") && !Object.hasOwn(at, Symbol.toPrimitive)) continue;
    const made = Object.getOwnPropertyDescriptor(at, "constructor")?.value as unknown;
    if (at === value || typeof made !== "function") return false;
    return (globalThis as Record<string, unknown>)[made.name] !== undefined && /^[A-Z]/.test(made.name);
  }
  return true;
}

function asJson(item: unknown): string {
  try {
    return String(JSON.stringify(item));
  } catch (error) {
    if (error instanceof TypeError && error.message.includes("circular")) return "[Circular]";
    throw error;
  }
}

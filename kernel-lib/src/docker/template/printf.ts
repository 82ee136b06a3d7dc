import { formatValue } from "../go/print.js";
import { goQuote } from "../go/text.js";
import { GoMap, GoStruct, type GoValue, typeName } from "../go/value.js";

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?([a-zA-Z%])/g;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly verb: string;
}

/** `fmt.Sprintf` for the verbs that templates use: v s q d t x X c U f e g T p%, with flags, width and precision. */
export function sprintf(format: string, values: readonly (GoValue | undefined)[]): string {
  let next = 0;
  const take = (text: string | undefined, absent: number | null): number | null => {
    if (text === undefined) return absent;
    return text === "*" ? Number(values[next++]) : Number(text);
  };
  const text = format.replace(
    VERB,
    (whole, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      const spec: Spec = {
        flags,
        width: take(width, 0)!,
        precision: whole.includes(".") ? take(precision, 0) : null,
        verb,
      };
      if (next >= values.length) return `%!${verb}(MISSING)`;
      return pad(convert(spec, values[next++]), spec);
    },
  );
  const extra = values.slice(next);
  if (extra.length === 0) return text;
  return `${text}%!(EXTRA ${extra.map((value) => `${typeName(value)}=${formatValue(value)}`).join(", ")})`;
}

function pad(text: string, { flags, width, verb }: Spec): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (flags.includes("0") && verb !== "s" && verb !== "q") {
    const sign = /^[+-]/.exec(text)?.[0] ?? "";
    return sign + "0".repeat(missing) + text.slice(sign.length);
  }
  return " ".repeat(missing) + text;
}

function convert(spec: Spec, value: GoValue | undefined): string {
  const { verb, precision } = spec;
  if (verb === "T") return value === undefined || value === null ? "<nil>" : typeName(value);
  if (verb === "v")
    return spec.flags.includes("+") || spec.flags.includes("#")
      ? detailed(value)
      : cut(formatValue(value), null);
  if (Array.isArray(value)) return `[${value.map((item) => convert(spec, item as GoValue)).join(" ")}]`;
  if (value instanceof GoMap)
    return `map[${value
      .sorted()
      .map(([key, item]) => `${convert(spec, key)}:${convert(spec, item)}`)
      .join(" ")}]`;
  if (typeof value === "string") return ofString(verb, value, precision) ?? bad(verb, value);
  if (typeof value === "boolean") return verb === "t" ? String(value) : bad(verb, value);
  if (typeof value === "number") return ofNumber(spec, value) ?? bad(verb, value);
  return verb === "s" ? formatValue(value) : bad(verb, value);
}

function cut(text: string, precision: number | null): string {
  return precision === null ? text : [...text].slice(0, precision).join("");
}

/** `%+v` names the fields of structs. */
function detailed(value: GoValue | undefined): string {
  if (!(value instanceof GoStruct)) return formatValue(value);
  return `${value.pointer ? "&" : ""}{${value.fields.map((field) => `${field.name}:${detailed(field.value)}`).join(" ")}}`;
}

function ofString(verb: string, value: string, precision: number | null): string | null {
  if (verb === "s") return cut(value, precision);
  if (verb === "q") return goQuote(cut(value, precision));
  if (verb === "x" || verb === "X") {
    const hex = [...new TextEncoder().encode(value)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    return verb === "X" ? hex.toUpperCase() : hex;
  }
  return null;
}

function ofNumber({ verb, flags, precision }: Spec, value: number): string | null {
  const whole = Number.isInteger(value);
  const plus = flags.includes("+") && value >= 0 ? "+" : "";
  const prefix = flags.includes("#") ? "0x" : "";
  if (verb === "d") return whole ? plus + String(value) : null;
  if (verb === "x") return whole ? prefix + value.toString(16) : null;
  if (verb === "X") return whole ? prefix.toUpperCase() + value.toString(16).toUpperCase() : null;
  if (verb === "o" || verb === "b") return whole ? value.toString(verb === "o" ? 8 : 2) : null;
  if (verb === "c") return String.fromCodePoint(value);
  if (verb === "q") return `'${String.fromCodePoint(value)}'`;
  if (verb === "U") return `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
  if (whole) return null;
  if (verb === "f") return plus + value.toFixed(precision ?? 6);
  if (verb === "e") return plus + value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
  return verb === "g"
    ? plus + String(precision === null ? value : Number(value.toPrecision(precision || 1)))
    : null;
}

function bad(verb: string, value: GoValue | undefined): string {
  if (value === undefined || value === null) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeName(value)}=${formatValue(value)})`;
}

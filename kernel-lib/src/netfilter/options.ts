import type { GivenOption } from "./extension.js";
import { RuleError } from "./rule.js";

/** xtables_strtoui: decimal, 0x hexadecimal or 0 octal, the whole text. Null when it is no such number or above `max`. */
export function parseUnsigned(text: string, max = 0xffffffff): number | null {
  const plain = text.trim();
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(plain)) return null;
  const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  return value <= max ? value : null;
}

/** `--mark VALUE[/MASK]`. */
export function parseMark(
  extension: string,
  option: string,
  text: string,
): { readonly value: number; readonly mask: number } {
  const [first = "", second, ...rest] = text.split("/");
  const value = parseUnsigned(first);
  const mask = second === undefined ? 0xffffffff : parseUnsigned(second);
  if (value === null || mask === null || rest.length > 0) throw badValue(extension, option);
  return { value, mask };
}

export function badValue(extension: string, option: string): RuleError {
  return new RuleError(`${extension}: bad integer value for option "--${option}", or out of range.\n`);
}

/** Refuses an option that is given twice (XTOPT without MULTI). */
export function refuseRepeats(extension: string, given: readonly GivenOption[]): void {
  const seen = new Set<string>();
  for (const { name } of given) {
    if (seen.has(name)) throw new RuleError(`${extension}: option "--${name}" can only be used once.\n`);
    seen.add(name);
  }
}

export function optionNamed(given: readonly GivenOption[], name: string): GivenOption | null {
  return given.find((option) => option.name === name) ?? null;
}

/** An option that must be there. */
export function required(extension: string, given: readonly GivenOption[], name: string): GivenOption {
  const option = optionNamed(given, name);
  if (option === null) throw new RuleError(`${extension}: option "--${name}" must be specified\n`);
  return option;
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** `0x5` or `0x5/0xff`. */
export function markText(value: number, mask: number): string {
  return mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

/** xtables_save_string: bare when it holds only harmless characters, else in double quotes with \" ' \\ escaped. */
export function quoted(text: string): string {
  if (text !== "" && /^[\w-]+$/.test(text)) return text;
  return `"${text.replace(/["'\\]/g, "\\$&")}"`;
}

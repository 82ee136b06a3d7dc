import type { GivenOption } from "./extension.js";
import { IncompleteRule, RuleError } from "./rule.js";

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
  if (value === null || mask === null) throw badValue(extension, option);
  if (rest.length > 0)
    throw new RuleError(`${extension}: trailing garbage after value for option "--${option}".\n`);
  return { value, mask };
}

/** `5`, `5:10`, `:5`, `5:` (XTTYPE_UINT32RC and UINT16RC). */
export function parseNumberPair(
  extension: string,
  option: string,
  text: string,
  max: number,
): { readonly first: number; readonly last: number } {
  const parts = text.split(":");
  if (parts.length > 2)
    throw new RuleError(`${extension}: Too many components for option "--${option}" (max: 2)\n`);
  const [low, high] = parts.map((part, i) => {
    if (part === "") return null;
    const value = parseUnsigned(part, max);
    if (value !== null) return value;
    const near = i === 0 ? text : part;
    throw new RuleError(
      `${extension}: bad value for option "--${option}" near "${near}", or out of range (0-${max}).\n`,
    );
  });
  return { first: low ?? 0, last: (high === undefined ? low : high) ?? max };
}

/** A number of an option (XTTYPE_UINT32 and its like). */
export function parseNumber(
  extension: string,
  option: string,
  text: string,
  min: number,
  max: number,
): number {
  const value = parseUnsigned(text, max);
  if (value === null || value < min)
    throw new RuleError(
      `${extension}: bad value for option "--${option}", or out of range (${min}-${max}).\n`,
    );
  return value;
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

/** Two options that exclude each other; found only at the end. */
export function exclusive(extension: string, option: string, other: string): IncompleteRule {
  return new IncompleteRule(
    `${extension}: option "--${option}" cannot be used together with "--${other}".\n`,
  );
}

/** An option that must be there. */
export function required(extension: string, given: readonly GivenOption[], name: string): GivenOption {
  const option = optionNamed(given, name);
  if (option === null) throw new IncompleteRule(`${extension}: option "--${name}" must be specified\n`);
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

/** Bytes of a name in UTF-8: what the kernel's fields are measured in. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

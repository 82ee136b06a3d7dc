import { formatIpv4, type Ipv4, prefixMask, tryParseIpv4 } from "../base/addresses.js";
import type { NameSource } from "./extension.js";
import { parseUnsigned } from "./options.js";
import { RuleError } from "./rule.js";

export interface MaskedAddress {
  readonly address: Ipv4;
  readonly mask: number;
}

/** The prefix length of a mask, or null when its ones are not all in front. */
export function prefixOf(mask: number): number | null {
  for (let prefix = 0; prefix <= 32; prefix++) if (prefixMask(prefix) === mask) return prefix;
  return null;
}

function parseMask(text: string): number {
  const dotted = tryParseIpv4(text);
  if (dotted !== null) return dotted;
  const prefix = parseUnsigned(text, 32);
  if (prefix === null) throw new RuleError(`invalid mask \`${text}' specified`);
  return prefixMask(prefix);
}

/** `10.0.0.0/8`, `1.2.3.4`, `10/8`, a name; several when a name has several addresses or words are separated by commas. Host bits go. */
export function parseAddressMask(text: string, names: NameSource): readonly MaskedAddress[] {
  return text.split(",").flatMap((word) => {
    const slash = word.indexOf("/");
    const host = slash < 0 ? word : word.slice(0, slash);
    const mask = slash < 0 ? 0xffffffff : parseMask(word.slice(slash + 1));
    return hostAddresses(host, mask === 0, names).map((address) => ({
      address: (address & mask) >>> 0,
      mask,
    }));
  });
}

function hostAddresses(text: string, isAny: boolean, names: NameSource): readonly Ipv4[] {
  const partial = /^\d{1,3}(\.\d{1,3}){0,2}$/.test(text);
  const padded = partial ? text + ".0".repeat(4 - text.split(".").length) : text;
  const literal = tryParseIpv4(padded);
  if (literal !== null) return [literal];
  if (isAny && text === "") return [0];
  const found = names.addresses(text);
  if (found.length === 0) throw new RuleError(`host/network \`${text}' not found`);
  return found;
}

/** `10.0.0.0/8`, or with the mask spelt out when it is no prefix. */
export function addressMaskText({ address, mask }: MaskedAddress): string {
  const prefix = prefixOf(mask);
  return `${formatIpv4(address)}/${prefix ?? formatIpv4(mask)}`;
}

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
  const loose = found.length === 0 ? parseLoose(text) : null;
  if (loose !== null) return [loose];
  if (found.length === 0) throw new RuleError(`host/network \`${text}' not found`);
  return found;
}

/** `10.0.0.0/8`, or with the mask spelt out when it is no prefix. */
export function addressMaskText({ address, mask }: MaskedAddress): string {
  const prefix = prefixOf(mask);
  return `${formatIpv4(address)}/${prefix ?? formatIpv4(mask)}`;
}

/** `ADDRESS[/MASK]` in newer extensions (XTTYPE_HOSTMASK): the address keeps its host bits, and a mask that is no prefix counts as /32. */
export function parseHostMask(
  extension: string,
  option: string,
  text: string,
  names: NameSource,
): MaskedAddress {
  const slash = text.indexOf("/");
  const address = resolveHost(slash < 0 ? text : text.slice(0, slash), names);
  if (slash < 0) return { address, mask: 0xffffffff };
  const word = text.slice(slash + 1);
  const dotted = tryParseIpv4(word);
  const prefix = dotted === null ? parseUnsigned(word, 128) : (prefixOf(dotted) ?? 32);
  if (prefix === null)
    throw new RuleError(
      `${extension}: bad value for option "--${option}", neither a valid network mask nor valid CIDR (0-32).\n`,
    );
  return { address, mask: prefixMask(Math.min(prefix, 32)) };
}

/** getaddrinfo: one to four numbers as inet_aton reads them, or a name. */
function resolveHost(text: string, names: NameSource): Ipv4 {
  const address = parseLoose(text) ?? names.addresses(text)[0];
  if (address !== undefined) return address;
  const mayBeName = /^[\w-]+(\.[\w-]+)*\.?$/.test(text);
  throw new RuleError(
    `getaddrinfo: ${mayBeName ? "Temporary failure in name resolution" : "Name or service not known"}\n`,
  );
}

/** inet_aton: the last number fills what the others leave. */
function parseLoose(text: string): Ipv4 | null {
  if (/\s/.test(text)) return null;
  const parts = text.split(".").map((part) => parseUnsigned(part));
  if (parts.length > 4 || parts.includes(null)) return null;
  const last = parts.pop()!;
  if (parts.some((part) => part! > 255) || last >= 256 ** (4 - parts.length)) return null;
  return parts.reduce<number>((sum, part, i) => sum + part! * 256 ** (3 - i), last);
}

/** /etc/networks of Debian. */
const NETWORKS: Readonly<Record<number, string>> = {
  0: "default",
  2130706432: "loopback",
  2851995648: "link-local",
};

/** An address by name where it has one (xtables_ipaddr_to_anyname). */
export function hostName(address: Ipv4, names: NameSource): string {
  return NETWORKS[address] ?? names.addressName(address);
}

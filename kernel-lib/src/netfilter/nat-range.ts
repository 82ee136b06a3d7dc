import { formatIpv4, type Ipv4, tryParseIpv4 } from "../base/addresses.js";
import type { GivenOption, ParseContext } from "./extension.js";
import { parseUnsigned } from "./options.js";
import { RuleError, type TargetValue } from "./rule.js";

/** What an address and port may be translated to (nf_nat_range2). */
export interface NatRange {
  /** Null: the address stays. */
  readonly addresses: { readonly first: Ipv4; readonly last: Ipv4 } | null;
  /** Null: the port stays if it can. */
  readonly ports: NatPorts | null;
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

export interface NatTarget extends TargetValue {
  readonly range: NatRange;
}

/** tcp, udp, sctp, dccp, icmp. */
const WITH_PORTS: readonly number[] = [1, 6, 17, 33, 132];

export interface NatPorts {
  readonly first: number;
  readonly last: number;
  /** `1000-2000/3000`: port 3000 goes to the first, 3001 to the second …; null for the plain form. */
  readonly base: number | null;
}

/** What a target makes of `/PORT` after a range: DNAT shifts by it, SNAT and MASQUERADE lose it, REDIRECT refuses it. */
export type Shift = "taken" | "lost" | "refused";

/** `80`, `80-90`, a service's name; `80-90/1000` with {@link Shift}. */
export function parsePorts(text: string, context: ParseContext, shift: Shift): NatPorts {
  if (!WITH_PORTS.includes(context.protocol))
    throw new RuleError("Need TCP, UDP, SCTP or DCCP with port specification");
  const low = leadingPort(text);
  if (low === null) {
    const port = serviceOf(text, context);
    if (port === null) throw invalidPort(text);
    return { first: port, last: port, base: null };
  }
  if (low.rest === "") return { first: low.port, last: low.port, base: null };
  if (!low.rest.startsWith("-")) throw new RuleError(`Garbage after port value: \`${low.rest}'`);
  const high = leadingPort(low.rest.slice(1));
  if (high === null) throw invalidPort(low.rest.slice(1));
  if (high.port < low.port) throw new RuleError(`Port range \`${low.rest.slice(1)}' funky`);
  const range = { first: low.port, last: high.port };
  if (high.rest === "") return { ...range, base: null };
  if (!high.rest.startsWith("/")) throw new RuleError(`Garbage after port range: \`${high.rest}'`);
  if (shift === "refused") throw new RuleError("Shifted portmap ranges not supported with this kernel");
  const original = high.rest.slice(1);
  const base = leadingPort(original)?.port ?? serviceOf(original, context);
  if (base === null || base === 0) throw invalidPort(original);
  return { ...range, base: shift === "taken" ? base : 0 };
}

function serviceOf(name: string, { names }: ParseContext): number | null {
  return names.portNumber(name, "tcp") ?? names.portNumber(name, "udp");
}

function invalidPort(text: string): RuleError {
  return new RuleError(`Port \`${text}' not valid`);
}

/** The number in front of a text (strtoul) and what follows it. */
function leadingPort(text: string): { readonly port: number; readonly rest: string } | null {
  const number = /^\s*(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text)?.[0];
  const port = number === undefined ? null : parseUnsigned(number, 65535);
  return port === null ? null : { port, rest: text.slice(number!.length) };
}

/** `1.2.3.4`, `1.2.3.4-1.2.3.9:100-200`, `:80`. */
export function parseDestination(
  text: string,
  context: ParseContext,
  shift: Shift,
): Pick<NatRange, "addresses" | "ports"> {
  if (text.startsWith("[")) throw new RuleError("Invalid address format");
  const colon = text.lastIndexOf(":");
  if (colon !== text.indexOf(":")) throw badAddress(text);
  const ports = colon < 0 ? null : parsePorts(text.slice(colon + 1), context, shift);
  const hosts = colon < 0 ? text : text.slice(0, colon);
  if (colon === 0) return { addresses: null, ports };
  const dash = hosts.indexOf("-");
  const first = parseAddress(dash < 0 ? hosts : hosts.slice(0, dash));
  const last = dash < 0 ? first : parseAddress(hosts.slice(dash + 1));
  return { addresses: { first, last }, ports };
}

function badAddress(text: string): RuleError {
  return new RuleError(`Bad IP address "${text}"`);
}

function parseAddress(text: string): Ipv4 {
  const address = tryParseIpv4(text);
  if (address === null) throw badAddress(text);
  return address;
}

/** The flags among the options. */
export function parseFlags(
  given: readonly GivenOption[],
): Pick<NatRange, "random" | "randomFully" | "persistent"> {
  const has = (name: string) => given.some((option) => option.name === name);
  return { random: has("random"), randomFully: has("random-fully"), persistent: has("persistent") };
}

/** `1.2.3.4-1.2.3.9:100-200`. */
export function natRangeText({ addresses, ports }: NatRange): string {
  const hosts =
    addresses === null
      ? ""
      : formatIpv4(addresses.first) +
        (addresses.first === addresses.last ? "" : `-${formatIpv4(addresses.last)}`);
  return hosts + (ports === null ? "" : `:${portsText(ports)}`);
}

export function portsText({ first, last, base }: NatPorts): string {
  return `${first === last ? first : `${first}-${last}`}${base === null ? "" : `/${base}`}`;
}

/** The flags as both printers write them, with a prefix. */
export function natFlagsText({ random, randomFully, persistent }: NatRange, prefix: string): string {
  return `${random ? ` ${prefix}random` : ""}${randomFully ? ` ${prefix}random-fully` : ""}${persistent ? ` ${prefix}persistent` : ""}`;
}

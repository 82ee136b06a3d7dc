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

export function parsePorts(text: string, context: ParseContext): NatPorts {
  if (!WITH_PORTS.includes(context.protocol) || context.protocolNegated)
    throw new RuleError("Need TCP, UDP, SCTP or DCCP with port specification");
  if (!/^\d/.test(text)) {
    const port = parsePort(text, context);
    return { first: port, last: port, base: null };
  }
  const slash = text.indexOf("/");
  const [low = "", high] = (slash < 0 ? text : text.slice(0, slash)).split("-");
  const first = parsePort(low, context);
  const last = high === undefined ? first : parsePort(high, context);
  if (first > last) throw new RuleError("Port range bad");
  return { first, last, base: slash < 0 ? null : parsePort(text.slice(slash + 1), context) };
}

function parsePort(text: string, context: ParseContext): number {
  const port =
    parseUnsigned(text, 65535) ?? (/^\d/.test(text) ? null : context.names.portNumber(text, "tcp"));
  if (port === null || port === 0) throw new RuleError(`Port \`${text}' not valid`);
  return port;
}

/** `1.2.3.4`, `1.2.3.4-1.2.3.9:100-200`, `:80`. */
export function parseDestination(text: string, context: ParseContext): Pick<NatRange, "addresses" | "ports"> {
  const colon = text.indexOf(":");
  const ports = colon < 0 ? null : parsePorts(text.slice(colon + 1), context);
  const hosts = colon < 0 ? text : text.slice(0, colon);
  if (colon === 0) return { addresses: null, ports };
  const dash = hosts.indexOf("-");
  const first = parseAddress(dash < 0 ? hosts : hosts.slice(0, dash));
  const last = dash < 0 ? first : parseAddress(hosts.slice(dash + 1));
  return { addresses: { first, last }, ports };
}

function parseAddress(text: string): Ipv4 {
  const address = tryParseIpv4(text);
  if (address === null) throw new RuleError(`Bad IP address "${text}"`);
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

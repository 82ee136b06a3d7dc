import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { hostName, parseHostMask, prefixOf } from "../addresses.js";
import type { GivenOption, MatchExtension, NameSource, ParseContext } from "../extension.js";
import { parseNumberPair, refuseRepeats } from "../options.js";
import { type PortRange, parsePortPair, portRangeText } from "../ports.js";
import { parseProtocol } from "../protocols.js";
import { IncompleteRule, type MatchValue, RuleError } from "../rule.js";
import { ConntrackTest } from "./conntrack-test.js";

export interface SetTerm {
  readonly bits: number;
  readonly negated: boolean;
}

export interface NetworkTerm {
  readonly address: Ipv4;
  readonly mask: number;
  readonly negated: boolean;
}

export interface RangeTerm extends PortRange {
  readonly negated: boolean;
}

/** `-m conntrack`: what connection tracking knows of a packet (xt_conntrack.c). */
export interface ConntrackMatch extends MatchValue {
  readonly match: "conntrack";
  readonly state: SetTerm | null;
  readonly protocol: { readonly number: number; readonly negated: boolean } | null;
  readonly originalSource: NetworkTerm | null;
  readonly originalDestination: NetworkTerm | null;
  readonly replySource: NetworkTerm | null;
  readonly replyDestination: NetworkTerm | null;
  readonly originalSourcePort: RangeTerm | null;
  readonly originalDestinationPort: RangeTerm | null;
  readonly replySourcePort: RangeTerm | null;
  readonly replyDestinationPort: RangeTerm | null;
  readonly status: SetTerm | null;
  /** Seconds left. */
  readonly expire: RangeTerm | null;
  readonly direction: "ORIGINAL" | "REPLY" | null;
}

/** States in the order in which they are printed. */
export const STATE_BITS = {
  INVALID: 1,
  NEW: 2,
  RELATED: 4,
  ESTABLISHED: 8,
  UNTRACKED: 16,
  SNAT: 32,
  DNAT: 64,
} as const;
/** NONE is no bit, so that it never matches, and is only printed when it stands alone. */
const STATUS_BITS = { NONE: 0, EXPECTED: 1, SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8 } as const;

/** Reads `NEW,ESTABLISHED`; a word may be cut short. `kind` names the option in the complaint. */
export function parseSet(text: string, bits: Readonly<Record<string, number>>, kind: string): number {
  let set = 0;
  let rest = text;
  for (;;) {
    const comma = rest.indexOf(",");
    const word = (comma < 0 ? rest : rest.slice(0, comma)).toUpperCase();
    const name = word === "" ? undefined : Object.keys(bits).find((one) => one.startsWith(word));
    if (name === undefined) throw new RuleError(`Bad ${kind} "${rest}"`);
    set |= bits[name]!;
    if (comma < 0) return set;
    rest = rest.slice(comma + 1);
  }
}

export function setText(set: number, bits: Readonly<Record<string, number>>): string {
  return Object.entries(bits)
    .filter(([, bit]) => (set & bit) !== 0)
    .map(([name]) => name)
    .join(",");
}

const NETWORKS = [
  ["ctorigsrc", "originalSource"],
  ["ctorigdst", "originalDestination"],
  ["ctreplsrc", "replySource"],
  ["ctrepldst", "replyDestination"],
] as const;
const PORTS = [
  ["ctorigsrcport", "originalSourcePort"],
  ["ctorigdstport", "originalDestinationPort"],
  ["ctreplsrcport", "replySourcePort"],
  ["ctrepldstport", "replyDestinationPort"],
] as const;

function parseNetwork(option: GivenOption | null, context: ParseContext): NetworkTerm | null {
  if (option === null) return null;
  return {
    ...parseHostMask("conntrack", option.name, option.words[0]!, context.names),
    negated: option.negated,
  };
}

function parseRange(option: GivenOption | null, context: ParseContext): RangeTerm | null {
  if (option === null) return null;
  return { ...parsePortPair("conntrack", option.name, option.words[0]!, context), negated: option.negated };
}

function parseExpire(option: GivenOption | null): RangeTerm | null {
  if (option === null) return null;
  return {
    ...parseNumberPair("conntrack", "ctexpire", option.words[0]!, 0xffffffff),
    negated: option.negated,
  };
}

function parseDirection(option: GivenOption | null): ConntrackMatch["direction"] {
  if (option === null) return null;
  const word = option.words[0]!.toUpperCase();
  if (word !== "ORIGINAL" && word !== "REPLY")
    throw new RuleError(`conntrack: Bad value for "--ctdir" option: "${option.words[0]}"`);
  return word;
}

function parseConntrackProtocol(option: GivenOption | null): ConntrackMatch["protocol"] {
  if (option === null) return null;
  const number = parseProtocol(option.words[0]!);
  if (number === null) throw new RuleError(`unknown protocol "${option.words[0]!.toLowerCase()}" specified`);
  return { number, negated: option.negated };
}

function parse(given: readonly GivenOption[], context: ParseContext): ConntrackMatch {
  refuseRepeats("conntrack", given);
  if (given.length === 0) throw new IncompleteRule("conntrack: At least one option is required");
  const option = (name: string) => given.find((one) => one.name === name) ?? null;
  const set = (name: string, bits: Readonly<Record<string, number>>): SetTerm | null => {
    const one = option(name);
    return one === null ? null : { bits: parseSet(one.words[0]!, bits, name), negated: one.negated };
  };
  return {
    match: "conntrack",
    state: set("ctstate", STATE_BITS),
    protocol: parseConntrackProtocol(option("ctproto")),
    originalSource: parseNetwork(option("ctorigsrc"), context),
    originalDestination: parseNetwork(option("ctorigdst"), context),
    replySource: parseNetwork(option("ctreplsrc"), context),
    replyDestination: parseNetwork(option("ctrepldst"), context),
    originalSourcePort: parseRange(option("ctorigsrcport"), context),
    originalDestinationPort: parseRange(option("ctorigdstport"), context),
    replySourcePort: parseRange(option("ctreplsrcport"), context),
    replyDestinationPort: parseRange(option("ctrepldstport"), context),
    status: set("ctstatus", STATUS_BITS),
    expire: parseExpire(option("ctexpire")),
    direction: parseDirection(option("ctdir")),
  };
}

/** The terms in the printers' order; `prefix` is `--` for iptables-save. */
function print(value: ConntrackMatch, prefix: string, names: NameSource | null): string {
  const parts: string[] = [];
  const add = (name: string, negated: boolean, text: string) =>
    parts.push(`${negated ? " !" : ""} ${prefix}${name} ${text}`);
  if (value.state !== null) add("ctstate", value.state.negated, setText(value.state.bits, STATE_BITS));
  if (value.protocol !== null) add("ctproto", value.protocol.negated, String(value.protocol.number));
  for (const [name, key] of NETWORKS) {
    const term = value[key];
    if (term !== null) add(name, term.negated, networkText(term, names));
  }
  for (const [name, key] of PORTS) {
    const term = value[key];
    if (term !== null) add(name, term.negated, portRangeText(term));
  }
  if (value.status !== null)
    add("ctstatus", value.status.negated, setText(value.status.bits, STATUS_BITS) || "NONE");
  if (value.expire !== null) add("ctexpire", value.expire.negated, portRangeText(value.expire));
  if (value.direction !== null) add("ctdir", false, value.direction);
  return parts.join("");
}

/** The address keeps its host bits; with names 0.0.0.0 is `anywhere`, whatever the mask. */
export function networkText({ address, mask }: NetworkTerm, names: NameSource | null): string {
  if (names !== null && address === 0) return "anywhere";
  const prefix = prefixOf(mask)!;
  const host = names === null ? formatIpv4(address) : hostName(address, names);
  return prefix === 32 ? host : `${host}/${prefix}`;
}

export const conntrackMatch: MatchExtension<ConntrackMatch> = {
  name: "conntrack",
  options: [
    { name: "ctstate", words: 1, negatable: true },
    { name: "ctproto", words: 1, negatable: true },
    ...[...NETWORKS, ...PORTS].map(([name]) => ({ name, words: 1 as const, negatable: true })),
    { name: "ctstatus", words: 1, negatable: true },
    { name: "ctexpire", words: 1, negatable: true },
    { name: "ctdir", words: 1 },
  ],
  parse,
  save: (value) => print(value, "--", null),
  list: (value, names) => print(value, "", names),
  needsConntrack: true,
  compile: (value, netfilter) => new ConntrackTest(value, netfilter.world.scheduler),
};

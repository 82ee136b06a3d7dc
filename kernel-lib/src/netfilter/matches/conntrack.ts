import { type Ipv4, prefixMask } from "../../base/addresses.js";
import { addressMaskText, parseAddressMask } from "../addresses.js";
import type { GivenOption, MatchExtension, ParseContext } from "../extension.js";
import { badValue, parseUnsigned, refuseRepeats } from "../options.js";
import { type PortRange, parsePort, portRangeText } from "../ports.js";
import { parseProtocol } from "../protocols.js";
import { type MatchValue, RuleError } from "../rule.js";
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
/** NONE is a bit of its own: no other status set. */
const STATUS_BITS = { NONE: 1 << 31, EXPECTED: 1, SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8 } as const;

/** Reads `NEW,ESTABLISHED`; `kind` names the option in the complaint. */
export function parseSet(text: string, bits: Readonly<Record<string, number>>, kind: string): number {
  let set = 0;
  for (const word of text.split(",")) {
    const bit = Object.hasOwn(bits, word.toUpperCase()) ? bits[word.toUpperCase()]! : null;
    if (bit === null) throw new RuleError(`Bad ${kind} "${word}"`);
    set |= bit;
  }
  return set;
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
  const [first] = parseAddressMask(option.words[0]!, context.names);
  return { ...first!, negated: option.negated };
}

function parseRange(option: GivenOption | null, context: ParseContext): RangeTerm | null {
  if (option === null) return null;
  const [low = "", high] = option.words[0]!.split(":");
  const first = low === "" ? 0 : parsePort(low, context);
  const last = high === undefined ? first : high === "" ? 65535 : parsePort(high, context);
  if (first > last) throw new RuleError(`conntrack: Port range ${first}-${last} out of order.\n`);
  return { first, last, negated: option.negated };
}

function parseExpire(option: GivenOption | null): RangeTerm | null {
  if (option === null) return null;
  const [low = "", high] = option.words[0]!.split(":");
  const first = low === "" && high !== undefined ? 0 : parseUnsigned(low);
  const last = high === undefined ? first : high === "" ? 0xffffffff : parseUnsigned(high);
  if (first === null || last === null) throw badValue("conntrack", "ctexpire");
  return { first, last, negated: option.negated };
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
  if (given.length === 0) throw new RuleError("conntrack: At least one option is required");
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
function print(value: ConntrackMatch, prefix: string): string {
  const parts: string[] = [];
  const add = (name: string, negated: boolean, text: string) =>
    parts.push(`${negated ? " !" : ""} ${prefix}${name} ${text}`);
  if (value.state !== null) add("ctstate", value.state.negated, setText(value.state.bits, STATE_BITS));
  if (value.protocol !== null) add("ctproto", value.protocol.negated, String(value.protocol.number));
  for (const [name, key] of NETWORKS) {
    const term = value[key];
    if (term !== null)
      add(
        name,
        term.negated,
        term.mask === prefixMask(32) ? addressMaskText(term).replace("/32", "") : addressMaskText(term),
      );
  }
  for (const [name, key] of PORTS) {
    const term = value[key];
    if (term !== null) add(name, term.negated, portRangeText(term));
  }
  if (value.status !== null) add("ctstatus", value.status.negated, setText(value.status.bits, STATUS_BITS));
  if (value.expire !== null) add("ctexpire", value.expire.negated, portRangeText(value.expire));
  if (value.direction !== null) add("ctdir", false, value.direction);
  return parts.join("");
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
  save: (value) => print(value, "--"),
  list: (value) => print(value, ""),
  needsConntrack: true,
  compile: (value, netfilter) => new ConntrackTest(value, netfilter.world.scheduler),
};

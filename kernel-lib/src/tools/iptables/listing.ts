import { formatIpv4 } from "../../base/addresses.js";
import { hostName, prefixOf } from "../../netfilter/addresses.js";
import type { NameSource } from "../../netfilter/extension.js";
import { matchOf } from "../../netfilter/matches/index.js";
import { protocolName } from "../../netfilter/protocols.js";
import type { AddressTerm, ChainTarget, InterfaceTerm, Rule } from "../../netfilter/rule.js";
import type { RuleEntry } from "../../netfilter/rule-entry.js";
import type { DraftChain, TableDraft } from "../../netfilter/table-draft.js";
import { targetOf } from "../../netfilter/targets/index.js";

/** How `iptables -L` prints. */
export interface ListFormat {
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  readonly names: NameSource;
  /** With -n protocols are numbers too (from 1.8.9 on); before, those that the tool itself knows kept their names. */
  readonly numbersProtocols: boolean;
}

/** Protocols that need no /etc/protocols (xtables_chain_protos). */
const BUILT_IN_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [0, "all"],
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [50, "esp"],
  [51, "ah"],
  [58, "icmpv6"],
  [132, "sctp"],
  [135, "ipv6-mh"],
  [136, "udplite"],
]);

/** A counter in five columns: 99999, 100K, 10M, 10G … (xtables_print_num); rounded, in decimal units. */
export function counterText(value: number, exact: boolean): string {
  if (exact) return `${String(value).padStart(8)} `;
  if (value <= 99_999) return `${String(value).padStart(5)} `;
  let scaled = Math.floor((value + 500) / 1000);
  if (scaled <= 9999) return `${String(scaled).padStart(4)}K `;
  for (const unit of ["M", "G"]) {
    scaled = Math.floor((scaled + 500) / 1000);
    if (scaled <= 9999) return `${String(scaled).padStart(4)}${unit} `;
  }
  return `${String(Math.floor((scaled + 500) / 1000)).padStart(4)}T `;
}

/** The lines above a chain's rules. */
export function chainHeader(draft: TableDraft, chain: DraftChain, format: ListFormat): string {
  const { verbose, exact, lineNumbers } = format;
  const counts = exact
    ? `${chain.packets} packets, ${chain.bytes} bytes`
    : `${counterText(chain.packets, false).trim()} packets, ${counterText(chain.bytes, false).trim()} bytes`;
  const detail =
    chain.hook === null
      ? `${draft.references(chain.name)} references`
      : `policy ${chain.policy}${verbose ? ` ${counts}` : ""}`;
  let columns = lineNumbers ? "num  " : "";
  if (verbose) columns += exact ? "    pkts      bytes " : " pkts bytes ";
  columns += "target     prot opt ";
  if (verbose) columns += "in     out     ";
  return `Chain ${chain.name} (${detail})\n${columns}source               destination         \n`;
}

/** One rule as a line of `iptables -L`. */
export function ruleLine(entry: RuleEntry, number: number, format: ListFormat): string {
  const { rule } = entry;
  const { numeric, verbose, exact, lineNumbers, names } = format;
  let line = lineNumbers ? `${String(number).padEnd(4)} ` : "";
  if (verbose) line += counterText(entry.packets, exact) + counterText(entry.bytes, exact);
  line += `${targetName(rule).padEnd(9)} ${rule.protocolNegated ? "!" : " "}${protocolColumn(rule, format)}${fragmentColumn(rule)} `;
  if (verbose) line += ` ${interfaceColumn(rule.input, numeric)} ${interfaceColumn(rule.output, numeric)} `;
  line += `${addressColumn(rule.source, numeric, names)} ${addressColumn(rule.destination, numeric, names)}`;
  return `${line} ${details(rule, numeric ? null : names)}\n`;
}

/** What follows the addresses: matches, then the target's own words. */
function details(rule: Rule, names: NameSource | null): string {
  const goto = rule.target?.target === "goto" ? "[goto] " : "";
  const matches = rule.matches.map((value) => matchOf(value).list(value, names, rule)).join("");
  const target = rule.target === null ? "" : (targetOf(rule.target)?.list(rule.target, names, rule) ?? "");
  return goto + matches + target;
}

function targetName({ target }: Rule): string {
  if (target === null) return "";
  return target.target === "jump" || target.target === "goto" ? (target as ChainTarget).chain : target.target;
}

function protocolColumn({ protocol }: Rule, { numeric, numbersProtocols }: ListFormat): string {
  const known = numeric ? null : protocolName(protocol);
  const own = numeric && numbersProtocols ? undefined : BUILT_IN_PROTOCOLS.get(protocol);
  const name = protocol === 0 ? own : (known ?? own);
  return `${(name ?? String(protocol)).padEnd(4)} `;
}

function fragmentColumn({ fragment }: Rule): string {
  if (fragment === "any") return "--";
  return fragment === "further" ? "-f" : "!f";
}

function interfaceColumn({ name, negated }: InterfaceTerm, numeric: boolean): string {
  const text = name === "" ? (numeric ? "*" : "any") : name;
  return `${negated ? "!" : ""}${text}`.padEnd(6);
}

/** The line that -v adds to -A, -I and -D. */
export function editLine(rule: Rule): string {
  const device = ({ name, negated }: InterfaceTerm) => `${negated ? "!" : ""}${name === "" ? "*" : name}`;
  const address = (term: AddressTerm) => `${term.negated ? "!" : " "}${numericAddress(term)}`;
  const protocol = rule.protocol === 0 ? "all" : (protocolName(rule.protocol) ?? String(rule.protocol));
  const head = `${targetName(rule)} ${rule.protocolNegated ? "!" : " "}${protocol} opt ${fragmentColumn(rule)}`;
  const names: null = null;
  return `${head} in ${device(rule.input)} out ${device(rule.output)} ${address(rule.source)} ${address(rule.destination).replace(/^(.)/, "$1-> ")}  ${details(rule, names)}\n`;
}

function numericAddress({ address, mask }: AddressTerm): string {
  return mask === 0xffffffff
    ? formatIpv4(address)
    : `${formatIpv4(address)}/${prefixOf(mask) ?? formatIpv4(mask)}`;
}

/** An address in 20 columns with a sign in front; without -n names for it. */
function addressColumn(term: AddressTerm, numeric: boolean, names: NameSource): string {
  return `${term.negated ? "!" : " "}${addressText(term, numeric, names).padEnd(19)}`;
}

function addressText({ address, mask }: AddressTerm, numeric: boolean, names: NameSource): string {
  if (mask === 0 && !numeric) return "anywhere";
  const term = { address, mask, negated: false };
  if (numeric) return numericAddress(term);
  const host = hostName(address, names);
  return mask === 0xffffffff ? host : `${host}/${prefixOf(mask) ?? formatIpv4(mask)}`;
}

import type { Ipv4 } from "../base/addresses.js";
import type { HookName } from "./hook.js";
import type { Netfilter } from "./netfilter.js";
import type { PacketView } from "./packet-view.js";
import type { MatchValue, Rule, TargetValue } from "./rule.js";
import type { Place, RuleRefused } from "./rule-refused.js";
import type { TableName } from "./tables.js";

/** Names of ports and hosts: what getservbyname and gethostbyname answer on the machine. */
export interface NameSource {
  portNumber(name: string, protocol: string): number | null;
  portName(port: number, protocol: string): string | null;
  addresses(name: string): readonly Ipv4[];
  addressName(address: Ipv4): string;
}

/** One long option of an extension. */
export interface OptionSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Words that follow it. */
  readonly words: 0 | 1 | 2;
  /** May it stand after `!`. */
  readonly negatable?: boolean;
  /** May it stand more than once (XTOPT_MULTI). */
  readonly repeats?: boolean;
}

/** An option as it was given. */
export interface GivenOption {
  readonly name: string;
  readonly words: readonly string[];
  readonly negated: boolean;
}

export interface ParseContext {
  readonly names: NameSource;
  /** Protocol of the rule, `-p`; 0 for none. */
  readonly protocol: number;
  readonly protocolNegated: boolean;
  /** Remarks for standard error, which do not make the rule wrong. */
  readonly remark: (text: string) => void;
}

/** Where an extension may be used: all that is given must hold. */
export interface ValidPlace {
  readonly table?: TableName;
  /** Built-in chains from which it may be reached, in the order of the hooks' numbers. */
  readonly hooks?: readonly HookName[];
  /** The protocol that `-p` must name. */
  readonly protocol?: number;
}

/** The compiled form of a match: one small object, made once. */
export interface Test {
  matches(view: PacketView): boolean;
}

/** The compiled form of a target that is not a verdict. */
export interface Action {
  /** One of the verdict numbers of verdict.ts. */
  run(view: PacketView): number;
}

export interface Extension<V> {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  /** Makes the value of the options in the order in which they were given; asked after each option. Throws RuleError, IncompleteRule when one is missing. */
  parse(given: readonly GivenOption[], context: ParseContext): V;
  /** The options as iptables-save prints them, each with a space in front. */
  save(value: V, rule: Rule): string;
  /** The column of `iptables -L`, with a space in front; `names` is null with -n. */
  list(value: V, names: NameSource | null, rule: Rule): string;
  readonly place?: ValidPlace;
  /** What the kernel refuses besides (checkentry). */
  check?(value: V, rule: Rule, place: Place): RuleRefused | null;
  /** It has its own words for repeated and negated options. */
  readonly ownChecks?: boolean;
  /** Whether connections must be tracked for it (nf_ct_netns_get). */
  readonly needsConntrack?: boolean | ((value: V) => boolean);
}

/** A match: everything about `-m NAME` is in one file. */
export interface MatchExtension<V extends MatchValue = MatchValue> extends Extension<V> {
  compile(value: V, netfilter: Netfilter, rule: Rule): Test;
}

/** A target: everything about `-j NAME` is in one file. */
export interface TargetExtension<V extends TargetValue = TargetValue> extends Extension<V> {
  compile(value: V, netfilter: Netfilter, rule: Rule): Action;
  /** The name that iptables-save prints, where it is another. */
  savedAs?(value: V): string;
}

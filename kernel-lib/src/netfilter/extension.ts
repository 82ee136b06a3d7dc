import type { Ipv4 } from "../base/addresses.js";
import type { HookName } from "./hook.js";
import type { Netfilter } from "./netfilter.js";
import type { PacketView } from "./packet-view.js";
import type { MatchValue, Rule, TargetValue } from "./rule.js";
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
}

/** Where a rule stands, for what the kernel checks. */
export interface Place {
  readonly table: TableName;
  /** Built-in chains from which the rule's chain is reached. */
  readonly hooks: ReadonlySet<HookName>;
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

interface Extension<V> {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  /** Makes the value of the options in the order in which they were given. Throws RuleError. */
  parse(given: readonly GivenOption[], context: ParseContext): V;
  /** The options as iptables-save prints them, each with a space in front. */
  save(value: V, rule: Rule): string;
  /** The column of `iptables -L`, with a space in front; `names` is null with -n. */
  list(value: V, names: NameSource | null, rule: Rule): string;
  /** False when the kernel refuses the rule with EINVAL (checkentry). */
  check?(value: V, rule: Rule, place: Place): boolean;
  /** Each option is looked at when it is read, before the words after it. */
  readonly checksAtOnce?: boolean;
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
}

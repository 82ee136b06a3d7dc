import type { RuleOrigin } from "../trace/events.js";
import type { Action, Test } from "./extension.js";
import { matchOf } from "./matches/index.js";
import type { Netfilter } from "./netfilter.js";
import type { PacketView } from "./packet-view.js";
import type { ChainTarget, InterfaceTerm, Rule } from "./rule.js";
import type { Chain } from "./table.js";
import { targetOf } from "./targets/index.js";

/** What a matching rule does, as a small number. */
export const KIND_NONE = 0;
export const KIND_ACCEPT = 1;
export const KIND_DROP = 2;
export const KIND_RETURN = 3;
export const KIND_JUMP = 4;
export const KIND_GOTO = 5;
export const KIND_ACTION = 6;

/** How a device's name is compared. */
const ANY = 0;
const EXACT = 1;
const PREFIX = 2;

/** A rule in a chain: its counters, and its flat form for the hot path (all records have one shape). */
export class RuleEntry {
  packets = 0;
  bytes = 0;
  readonly kind: number;
  readonly needsConntrack: boolean;
  /** Where a jump or goto leads; set whenever the table changes. */
  chain: Chain | null = null;
  action: Action | null = null;
  private tests: readonly Test[] | null = null;

  private readonly source: number;
  private readonly sourceMask: number;
  private readonly sourceNegated: boolean;
  private readonly destination: number;
  private readonly destinationMask: number;
  private readonly destinationNegated: boolean;
  private readonly inputMode: number;
  private readonly inputName: string;
  /** Numbers of the names that are compared as a whole; -1 for others. */
  inputNumber = -1;
  outputNumber = -1;
  private readonly inputNegated: boolean;
  private readonly outputMode: number;
  private readonly outputName: string;
  private readonly outputNegated: boolean;
  private readonly protocol: number;
  private readonly protocolNegated: boolean;
  /** 0 any, 1 further fragments, 2 all others. */
  private readonly fragment: number;
  /** Heads hold addresses, protocol and whole device names; prefixes of names and fragments they do not. */
  private readonly headIsWhole: boolean;

  constructor(
    readonly rule: Rule,
    /** The command that made it; null when nobody says. */
    readonly origin: RuleOrigin | null = null,
  ) {
    this.kind = kindOf(rule);
    this.needsConntrack = needsConntrack(rule);
    this.source = rule.source.address | 0;
    this.sourceMask = rule.source.mask | 0;
    this.sourceNegated = rule.source.negated;
    this.destination = rule.destination.address | 0;
    this.destinationMask = rule.destination.mask | 0;
    this.destinationNegated = rule.destination.negated;
    this.inputMode = modeOf(rule.input);
    this.inputName = stem(rule.input);
    this.inputNegated = rule.input.negated;
    this.outputMode = modeOf(rule.output);
    this.outputName = stem(rule.output);
    this.outputNegated = rule.output.negated;
    this.protocol = rule.protocol;
    this.protocolNegated = rule.protocolNegated;
    this.fragment = rule.fragment === "any" ? 0 : rule.fragment === "further" ? 1 : 2;
    this.headIsWhole = this.fragment === 0 && this.inputMode !== PREFIX && this.outputMode !== PREFIX;
  }

  /** Makes matches and target ready to run; once. */
  compile(netfilter: Netfilter): void {
    if (this.tests !== null) return;
    if (this.inputMode === EXACT) this.inputNumber = netfilter.deviceNames.number(this.inputName);
    if (this.outputMode === EXACT) this.outputNumber = netfilter.deviceNames.number(this.outputName);
    const { matches, target } = this.rule;
    this.tests = matches.map((value) => matchOf(value).compile(value, netfilter, this.rule));
    if (this.kind === KIND_ACTION) this.action = targetOf(target!)!.compile(target!, netfilter, this.rule);
  }

  /** Of a packet that the rule's head fits ({@link nextFit}): what heads do not hold, and the matches. */
  restMatches(view: PacketView): boolean {
    return (this.headIsWhole || this.addressesMatch(view)) && this.firstFailing(view) < 0;
  }

  /** The terms that every rule has: addresses, devices, protocol, fragments. */
  private addressesMatch(view: PacketView): boolean {
    if (!this.inputMatches(view) || !this.outputMatches(view)) return false;
    if (((view.source & this.sourceMask) === this.source) === this.sourceNegated) return false;
    if (((view.destination & this.destinationMask) === this.destination) === this.destinationNegated)
      return false;
    if (this.protocol !== 0 && (view.protocol === this.protocol) === this.protocolNegated) return false;
    return this.fragment === 0 || (view.fragmentOffset !== 0) === (this.fragment === 1);
  }

  private inputMatches(view: PacketView): boolean {
    if (this.inputMode === EXACT) return (view.inputNumber === this.inputNumber) !== this.inputNegated;
    return this.inputMode === ANY || view.inputName.startsWith(this.inputName) !== this.inputNegated;
  }

  private outputMatches(view: PacketView): boolean {
    if (this.outputMode === EXACT) return (view.outputNumber === this.outputNumber) !== this.outputNegated;
    return this.outputMode === ANY || view.outputName.startsWith(this.outputName) !== this.outputNegated;
  }

  private firstFailing(view: PacketView): number {
    const tests = this.tests!;
    for (let i = 0; i < tests.length; i++) if (!tests[i]!.matches(view)) return i;
    return -1;
  }

  /**
   * The terms that do not hold, as iptables-save prints them; empty when the rule matches. For traces only: the kernel stops at the first. A match that
   * keeps count (limit, statistic) is asked only when the kernel would ask it; nothing is asked of a packet of another protocol.
   */
  failedTerms(view: PacketView, print: (term: FailedTerm) => string): string[] {
    const { rule } = this;
    const failed: string[] = [];
    const fail = (kind: FailedAddress) => failed.push(print({ kind, rule }));
    if (!this.inputMatches(view)) fail("input");
    if (!this.outputMatches(view)) fail("output");
    if (((view.source & this.sourceMask) === this.source) === this.sourceNegated) fail("source");
    if (((view.destination & this.destinationMask) === this.destination) === this.destinationNegated)
      fail("destination");
    if (failed.length === 0 ? !this.addressesMatch(view) : this.protocolDiffers(view)) {
      fail("protocol");
      return failed;
    }
    for (const [index, test] of this.tests!.entries()) {
      const { broken } = view;
      if (failed.length > 0 && COUNTING.has(rule.matches[index]!.match)) continue;
      if (!test.matches(view)) failed.push(print({ kind: "match", rule, index }));
      // The kernel would not have asked any more, and so found nothing broken.
      if (failed.length > 1) view.broken = broken;
    }
    return failed;
  }

  private protocolDiffers(view: PacketView): boolean {
    return this.protocol !== 0 && (view.protocol === this.protocol) === this.protocolNegated;
  }
}

/** Matches whose answer changes with being asked. */
const COUNTING: ReadonlySet<string> = new Set(["limit", "statistic"]);

type FailedAddress = "input" | "output" | "source" | "destination" | "protocol";

/** Which term of a rule a near miss is about. */
export type FailedTerm =
  | { readonly kind: FailedAddress; readonly rule: Rule }
  | { readonly kind: "match"; readonly rule: Rule; readonly index: number };

function modeOf({ name }: InterfaceTerm): number {
  if (name === "" || name === "+") return name === "" ? ANY : PREFIX;
  return name.endsWith("+") ? PREFIX : EXACT;
}

function stem({ name }: InterfaceTerm): string {
  return name.endsWith("+") ? name.slice(0, -1) : name;
}

function kindOf({ target }: Rule): number {
  if (target === null) return KIND_NONE;
  switch (target.target) {
    case "ACCEPT":
      return KIND_ACCEPT;
    case "DROP":
      return KIND_DROP;
    case "RETURN":
      return KIND_RETURN;
    case "jump":
      return KIND_JUMP;
    case "goto":
      return KIND_GOTO;
    default:
      return KIND_ACTION;
  }
}

function needsConntrack(rule: Rule): boolean {
  if (rule.matches.some((value) => matchOf(value).needsConntrack === true)) return true;
  return rule.target !== null && targetOf(rule.target)?.needsConntrack === true;
}

/** The chain that a rule jumps or goes to, or null. */
export function chainNamedBy({ target }: Rule): string | null {
  return target !== null && (target.target === "jump" || target.target === "goto")
    ? (target as ChainTarget).chain
    : null;
}

import type { Ipv4 } from "../base/addresses.js";

/** `[!] -s ADDRESS/MASK`; a zero mask matches every address. */
export interface AddressTerm {
  readonly address: Ipv4;
  readonly mask: number;
  readonly negated: boolean;
}

/** `[!] -i NAME`; an empty name matches every device, a trailing `+` is a wildcard. */
export interface InterfaceTerm {
  readonly name: string;
  readonly negated: boolean;
}

/** What `-m NAME` with its options says; each extension adds its own fields. */
export interface MatchValue {
  readonly match: string;
}

/** What `-j NAME` with its options says; each extension adds its own fields. */
export interface TargetValue {
  readonly target: string;
}

/** `-j CHAIN` or `-g CHAIN`. */
export interface ChainTarget extends TargetValue {
  readonly target: "jump" | "goto";
  readonly chain: string;
}

/** One netfilter rule: a frozen value that the parser makes, the printers print and the evaluator compiles. */
export interface Rule {
  readonly source: AddressTerm;
  readonly destination: AddressTerm;
  readonly input: InterfaceTerm;
  readonly output: InterfaceTerm;
  /** 0 for all. */
  readonly protocol: number;
  readonly protocolNegated: boolean;
  /** `-f`: second and further fragments only; `! -f`: the others only. */
  readonly fragment: "any" | "further" | "head";
  readonly matches: readonly MatchValue[];
  /** Null: the rule only counts. */
  readonly target: TargetValue | null;
}

export const ANY_ADDRESS: AddressTerm = Object.freeze({ address: 0, mask: 0, negated: false });
export const ANY_INTERFACE: InterfaceTerm = Object.freeze({ name: "", negated: false });

/** A rule that matches everything and only counts; spread it to write others. */
export const EMPTY_RULE: Rule = Object.freeze({
  source: ANY_ADDRESS,
  destination: ANY_ADDRESS,
  input: ANY_INTERFACE,
  output: ANY_INTERFACE,
  protocol: 0,
  protocolNegated: false,
  fragment: "any",
  matches: Object.freeze([]),
  target: null,
});

/** Freezes a value with everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** Verdicts that a rule may name instead of an extension or a chain. */
export const STANDARD_TARGETS: readonly string[] = ["ACCEPT", "DROP", "RETURN"];

/** Whether a rule is a verdict without any condition. */
export function isFinal(rule: Rule): boolean {
  const { target, matches, source, destination, input, output, protocol, fragment } = rule;
  if (target === null || matches.length > 0 || !STANDARD_TARGETS.includes(target.target)) return false;
  const anywhere = isAny(source) && isAny(destination);
  return anywhere && input.name === "" && output.name === "" && protocol === 0 && fragment === "any";
}

function isAny({ mask, negated }: AddressTerm): boolean {
  return mask === 0 && !negated;
}

/** Whether two rules say the same (what -C and -D by specification ask). */
export function sameRule(a: Rule, b: Rule): boolean {
  return a === b || sameValue(a, b);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) =>
    sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

/** A rule that iptables refuses before the kernel sees it: its message and exit status (xtables_error). */
export class RuleError extends Error {
  constructor(
    message: string,
    /** PARAMETER_PROBLEM 2, VERSION_PROBLEM 3, OTHER_PROBLEM 1. */
    readonly status = 2,
  ) {
    super(message);
    this.name = "RuleError";
  }
}

/** An extension's options are not complete: what the last check says once all words are read (final_check). */
export class IncompleteRule extends RuleError {}

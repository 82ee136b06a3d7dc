import { addressMaskText } from "./addresses.js";
import { matchOf } from "./matches/index.js";
import { protocolName } from "./protocols.js";
import type { AddressTerm, ChainTarget, InterfaceTerm, Rule } from "./rule.js";
import type { FailedTerm } from "./rule-entry.js";
import { targetOf } from "./targets/index.js";

function addressText(option: string, term: AddressTerm): string {
  if (term.mask === 0 && !term.negated) return "";
  return `${term.negated ? " !" : ""} -${option} ${addressMaskText(term)}`;
}

function interfaceText(option: string, { name, negated }: InterfaceTerm): string {
  return name === "" || name === "+" ? "" : `${negated ? " !" : ""} -${option} ${name}`;
}

function protocolText({ protocol, protocolNegated }: Rule): string {
  return protocol === 0 ? "" : `${protocolNegated ? " !" : ""} -p ${protocolName(protocol) ?? protocol}`;
}

function fragmentText({ fragment }: Rule): string {
  if (fragment === "any") return "";
  return fragment === "further" ? " -f" : " ! -f";
}

function matchText(rule: Rule, index: number): string {
  const value = rule.matches[index]!;
  const extension = matchOf(value);
  return ` -m ${extension.name}${extension.save(value, rule)}`;
}

/** `-j NAME` with its options. */
export function targetText(rule: Rule): string {
  const { target } = rule;
  if (target === null) return "";
  if (target.target === "jump") return ` -j ${(target as ChainTarget).chain}`;
  if (target.target === "goto") return ` -g ${(target as ChainTarget).chain}`;
  const extension = targetOf(target);
  const name = extension?.savedAs?.(target) ?? target.target;
  return ` -j ${name}${extension?.save(target, rule) ?? ""}`;
}

/** All but the target, as iptables-save prints it; a space in front of each term. */
export function conditionsText(rule: Rule): string {
  const matches = rule.matches.map((_, index) => matchText(rule, index)).join("");
  return `${addressText("s", rule.source)}${addressText("d", rule.destination)}${interfaceText("i", rule.input)}${interfaceText("o", rule.output)}${protocolText(rule)}${fragmentText(rule)}${matches}`;
}

/** A rule as `iptables -S` prints it after the chain's name. */
export function ruleText(rule: Rule): string {
  return (conditionsText(rule) + targetText(rule)).slice(1);
}

/** One term of a rule, for near misses. */
export function termText(term: FailedTerm): string {
  const { rule } = term;
  switch (term.kind) {
    case "input":
      return interfaceText("i", rule.input).slice(1);
    case "output":
      return interfaceText("o", rule.output).slice(1);
    case "source":
      return addressText("s", rule.source).slice(1);
    case "destination":
      return addressText("d", rule.destination).slice(1);
    case "protocol":
      return (protocolText(rule) + fragmentText(rule)).slice(1);
    case "match":
      return matchText(rule, term.index).slice(1);
  }
}

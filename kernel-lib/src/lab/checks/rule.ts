import type { TableName } from "../../netfilter/tables.js";
import type { Machine } from "../machine.js";
import type { ListedRule } from "../rules.js";
import type { Finding } from "./report.js";

/** Which rule is looked for: all that is given must hold of one rule. */
export interface RuleWanted {
  readonly table?: TableName;
  readonly chain?: string;
  /** Terms as `iptables -S` writes them, however they were typed: `"-j DNAT"`, `"--dport 8080"`, `"-s 172.18.0.0/16"`. */
  readonly has: string | readonly string[];
  /** Whether a packet has met it. */
  readonly used?: boolean;
}

export function checkRule(machine: Machine, wanted: RuleWanted): Finding {
  const { table, chain, used } = wanted;
  const terms = [wanted.has].flat();
  const options = { ...(table === undefined ? {} : { table }), ...(chain === undefined ? {} : { chain }) };
  const rules = machine.rules(options).list.filter(({ number }) => number > 0);
  const found = rules.filter(
    (rule) => terms.every((term) => hasTerm(rule, term)) && (used === undefined || rule.packets > 0 === used),
  );
  const place = [table, chain].filter((part) => part !== undefined).join(" ");
  const what = `a rule${place === "" ? "" : ` in ${place}`} with ${terms.map((term) => `“${term}”`).join(" and ")}${usedText(used)}`;
  return {
    holds: found.length > 0,
    wanted: `${machine.name} has ${what}`,
    unwanted: `${machine.name} does not have ${what}`,
    seen: found.length > 0 ? ruleText(found[0]!) : seenOf(rules, terms),
    look: "",
  };
}

function usedText(used: boolean | undefined): string {
  if (used === undefined) return "";
  return used ? " that packets have met" : " that no packet has met";
}

/** The term as whole words of the rule. */
function hasTerm({ rule }: ListedRule, term: string): boolean {
  return ` ${rule} `.includes(` ${term.trim().replace(/\s+/g, " ")} `);
}

/** The rule that has the most of the terms, which is the one to look at. */
function seenOf(rules: readonly ListedRule[], terms: readonly string[]): string {
  if (rules.length === 0) return "no rule there at all";
  const had = (rule: ListedRule) => terms.filter((term) => hasTerm(rule, term)).length;
  const nearest = rules.reduce((best, rule) => (had(rule) > had(best) ? rule : best));
  if (had(nearest) === 0) return `${rules.length} rule${rules.length === 1 ? "" : "s"}, none like it`;
  const lacking = terms.filter((term) => !hasTerm(nearest, term)).map((term) => `“${term}”`);
  return lacking.length === 0
    ? `only ${ruleText(nearest)}`
    : `the nearest is ${ruleText(nearest)}: it lacks ${lacking.join(" and ")}`;
}

function ruleText({ table, chain, number, rule, packets }: ListedRule): string {
  return `${table} ${chain} ${number}: ${rule} (${packets} packet${packets === 1 ? "" : "s"})`;
}

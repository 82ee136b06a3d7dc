import type { HookStep, RuleOrigin } from "../trace/events.js";
import type { PacketView } from "./packet-view.js";
import { ruleText, termText } from "./print-rule.js";
import {
  KIND_ACCEPT,
  KIND_ACTION,
  KIND_DROP,
  KIND_GOTO,
  KIND_JUMP,
  KIND_RETURN,
  type RuleEntry,
} from "./rule-entry.js";
import type { Chain } from "./table.js";
import type { TableName } from "./tables.js";
import { ACCEPT, CONTINUE, DROP, RETURN } from "./verdict.js";

/** A walk through a chain that tells each rule it met: which matched, and of the others the term that failed. */
export function walkTraced(
  table: TableName,
  chain: Chain,
  view: PacketView,
  steps: HookStep[],
  ruleCost: number,
): number {
  for (const [i, entry] of chain.entries.entries()) {
    view.packet.elapsed += ruleCost;
    const [failed, ...alsoFailed] = entry.failedTerms(view, termText);
    steps.push({
      table,
      chain: chain.name,
      rule: i + 1,
      text: ruleText(entry.rule),
      matched: failed === undefined,
      ...(failed === undefined ? {} : { failed }),
      ...(alsoFailed.length === 0 ? {} : { alsoFailed }),
      ...originOf(entry),
    });
    if (failed !== undefined) continue;
    entry.packets++;
    entry.bytes += view.length;
    const verdict = follow(table, entry, view, steps, ruleCost);
    if (verdict !== CONTINUE) return verdict;
  }
  return RETURN;
}

/** What the walk met at the end of a built-in chain. */
export function policyStep(table: TableName, chain: Chain): HookStep {
  return {
    table,
    chain: chain.name,
    rule: 0,
    text: `policy ${chain.policy}`,
    matched: true,
    ...originOf(chain),
  };
}

function originOf({ origin }: { readonly origin: RuleOrigin | null }): { origin?: RuleOrigin } {
  return origin === null ? {} : { origin };
}

function follow(
  table: TableName,
  entry: RuleEntry,
  view: PacketView,
  steps: HookStep[],
  ruleCost: number,
): number {
  switch (entry.kind) {
    case KIND_ACCEPT:
      return ACCEPT;
    case KIND_DROP:
      return DROP;
    case KIND_RETURN:
      return RETURN;
    case KIND_JUMP: {
      const verdict = walkTraced(table, entry.chain!, view, steps, ruleCost);
      return verdict === RETURN ? CONTINUE : verdict;
    }
    case KIND_GOTO:
      return walkTraced(table, entry.chain!, view, steps, ruleCost);
    case KIND_ACTION:
      return entry.action!.run(view);
    default:
      return CONTINUE;
  }
}

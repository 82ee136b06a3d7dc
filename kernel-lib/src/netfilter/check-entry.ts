import type { Extension } from "./extension.js";
import type { HookName } from "./hook.js";
import { matchOf } from "./matches/index.js";
import type { MatchValue, Rule, TargetValue } from "./rule.js";
import { type Place, RuleRefused } from "./rule-refused.js";
import { targetOf } from "./targets/index.js";

/** Hooks in the order of their numbers, in which the kernel names them. */
const HOOKS: readonly HookName[] = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];

/** Throws RuleRefused when a rule cannot stand where it is (find_check_entry): first its matches, then its target. */
export function checkEntry(rule: Rule, place: Place): void {
  for (const value of rule.matches) checkExtension(matchOf(value), value, rule, place, "match");
  const extension = rule.target === null ? null : targetOf(rule.target);
  if (extension !== null) checkExtension(extension, rule.target!, rule, place, "target");
}

/** xt_check_match and xt_check_target. */
function checkExtension<V extends MatchValue | TargetValue>(
  extension: Extension<V>,
  value: V,
  rule: Rule,
  { table, hooks }: Place,
  kind: "match" | "target",
): void {
  const { name, place: where, check } = extension;
  const says = (text: string) => new RuleRefused("EINVAL", `x_tables: ip_tables: ${name} ${kind}: ${text}`);
  if (where?.table !== undefined && where.table !== table)
    throw says(`only valid in ${where.table} table, not ${table}`);
  if (where?.hooks !== undefined && [...hooks].some((hook) => !where.hooks!.includes(hook))) {
    const used = HOOKS.filter((hook) => hooks.has(hook)).join("/");
    const verb = kind === "match" ? "valid" : "usable";
    throw says(`used from hooks ${used}, but only ${verb} from ${where.hooks.join("/")}`);
  }
  if (where?.protocol !== undefined && (rule.protocol !== where.protocol || rule.protocolNegated))
    throw says(`only valid for protocol ${where.protocol}`);
  const refused = check?.(value, rule, { table, hooks }) ?? null;
  if (refused !== null) throw refused;
}

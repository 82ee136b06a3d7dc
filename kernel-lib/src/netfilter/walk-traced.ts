import type { HookStep, RuleOrigin } from "../trace/events.js";
import type { PacketView } from "./packet-view.js";
import { ruleText, termText } from "./print-rule.js";
import { isFinal } from "./rule.js";
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

/** Writes a line of `-j TRACE` about a packet: `filter:FORWARD:rule:1`. */
export type RuleLog = (view: PacketView, place: string) => void;

/** Who is told of each rule that a packet meets in one table at one hook. */
export class Watcher {
  constructor(
    private readonly table: TableName,
    /** The hook's own chain. */
    private readonly builtIn: Chain,
    private readonly steps: HookStep[] | null,
    private readonly log: RuleLog,
  ) {}

  /** A rule was looked at; `failed` are the terms that did not hold. */
  rule(chain: Chain, index: number, entry: RuleEntry, view: PacketView, failed: readonly string[]): void {
    const [first, ...others] = failed;
    this.steps?.push({
      table: this.table,
      chain: chain.name,
      rule: index + 1,
      text: ruleText(entry.rule),
      matched: first === undefined,
      ...(first === undefined ? {} : { failed: first }),
      ...(others.length === 0 ? {} : { alsoFailed: others }),
      ...originOf(entry),
    });
    if (first === undefined)
      this.write(chain, isFinal(entry.rule) ? this.endOf(chain) : "rule", index + 1, view);
  }

  /** A user's chain came to its end. */
  end(chain: Chain, view: PacketView): void {
    if (chain !== this.builtIn) this.write(chain, "return", chain.entries.length + 1, view);
  }

  /** No rule of the built-in chain has decided. */
  policy(chain: Chain, view: PacketView): void {
    this.steps?.push({
      table: this.table,
      chain: chain.name,
      rule: 0,
      text: `policy ${chain.policy}`,
      matched: true,
      ...originOf(chain),
    });
    this.write(chain, "policy", chain.entries.length + 1, view);
  }

  /** The kernel names a verdict without conditions as if it were the chain's end (get_chainname_rulenum). */
  private endOf(chain: Chain): string {
    return chain === this.builtIn ? "policy" : "return";
  }

  private write(chain: Chain, what: string, rule: number, view: PacketView): void {
    if (view.packet.nfTrace) this.log(view, `${this.table}:${chain.name}:${what}:${rule}`);
  }
}

/** A walk through a chain that tells each rule it met. */
export function walkTraced(watcher: Watcher, chain: Chain, view: PacketView, ruleCost: number): number {
  for (const [i, entry] of chain.entries.entries()) {
    view.packet.elapsed += ruleCost;
    const failed = entry.failedTerms(view, termText);
    if (failed.length === 0) {
      entry.packets++;
      entry.bytes += view.length;
    }
    watcher.rule(chain, i, entry, view, failed);
    if (view.broken) return DROP;
    if (failed.length > 0) continue;
    const verdict = follow(watcher, entry, view, ruleCost);
    if (verdict !== CONTINUE) return verdict;
  }
  watcher.end(chain, view);
  return RETURN;
}

function originOf({ origin }: { readonly origin: RuleOrigin | null }): { origin?: RuleOrigin } {
  return origin === null ? {} : { origin };
}

function follow(watcher: Watcher, entry: RuleEntry, view: PacketView, ruleCost: number): number {
  switch (entry.kind) {
    case KIND_ACCEPT:
      return ACCEPT;
    case KIND_DROP:
      return DROP;
    case KIND_RETURN:
      return RETURN;
    case KIND_JUMP: {
      const verdict = walkTraced(watcher, entry.chain!, view, ruleCost);
      return verdict === RETURN ? CONTINUE : verdict;
    }
    case KIND_GOTO:
      return walkTraced(watcher, entry.chain!, view, ruleCost);
    case KIND_ACTION:
      return entry.action!.run(view);
    default:
      return CONTINUE;
  }
}

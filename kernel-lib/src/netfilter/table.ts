import type { HookStep } from "../trace/events.js";
import type { HookName } from "./hook.js";
import type { PacketView } from "./packet-view.js";
import { ruleText, termText } from "./print-rule.js";
import {
  KIND_ACCEPT,
  KIND_ACTION,
  KIND_DROP,
  KIND_GOTO,
  KIND_JUMP,
  KIND_NONE,
  KIND_RETURN,
  type RuleEntry,
} from "./rule-entry.js";
import { headsOf, nextFit } from "./rule-heads.js";
import type { TableName } from "./tables.js";
import { ACCEPT, CONTINUE, DROP, RETURN } from "./verdict.js";

/** A chain of rules. A built-in one has a hook and a policy, whose counters are its own. */
export class Chain {
  policy: "ACCEPT" | "DROP" = "ACCEPT";
  packets = 0;
  bytes = 0;
  /** What {@link nextFit} reads, made anew with the entries. */
  heads: Int32Array = headsOf([]);
  private list: readonly RuleEntry[] = [];

  constructor(
    readonly name: string,
    /** Null for a user's chain. */
    readonly hook: HookName | null,
  ) {}

  get entries(): readonly RuleEntry[] {
    return this.list;
  }

  set entries(entries: readonly RuleEntry[]) {
    this.list = entries;
    this.heads = headsOf(entries.map(({ rule }) => rule));
  }
}

/** A table as packets meet it. It is changed only by TableDraft.commit. */
export class Table {
  /** Built-in chains first, then the user's by name: the order of all listings. */
  chains: readonly Chain[];
  private byHook: Partial<Record<HookName, Chain>> = {};

  constructor(
    readonly name: TableName,
    chains: readonly Chain[],
  ) {
    this.chains = chains;
    this.replace(chains);
  }

  replace(chains: readonly Chain[]): void {
    this.chains = chains;
    this.byHook = {};
    for (const chain of chains) if (chain.hook !== null) this.byHook[chain.hook] = chain;
  }

  chain(name: string): Chain | null {
    return this.chains.find((chain) => chain.name === name) ?? null;
  }

  builtIn(hook: HookName): Chain {
    return this.byHook[hook]!;
  }

  /** Walks a packet through the built-in chain of a hook. Gives ACCEPT or DROP; `steps` gathers what was met while a trace is on. */
  evaluate(hook: HookName, view: PacketView, steps: HookStep[] | null, ruleCost: number): number {
    const chain = this.byHook[hook]!;
    const verdict =
      steps === null ? walk(chain, view, ruleCost) : walkTraced(this.name, chain, view, steps, ruleCost);
    if (verdict !== RETURN) return verdict;
    chain.packets++;
    chain.bytes += view.length;
    if (steps !== null)
      steps.push({
        table: this.name,
        chain: chain.name,
        rule: 0,
        text: `policy ${chain.policy}`,
        matched: true,
      });
    return chain.policy === "ACCEPT" ? ACCEPT : DROP;
  }
}

function walk(chain: Chain, view: PacketView, ruleCost: number): number {
  const { entries, heads } = chain;
  const count = entries.length;
  for (let i = 0; i < count; i++) {
    const from = i;
    i = nextFit(heads, i, view.source, view.destination, view.protocol);
    view.packet.elapsed += ruleCost * (Math.min(i + 1, count) - from);
    if (i === count) break;
    const entry = entries[i]!;
    if (!entry.matches(view)) continue;
    entry.packets++;
    entry.bytes += view.length;
    const { kind } = entry;
    if (kind === KIND_NONE) continue;
    if (kind === KIND_ACCEPT) return ACCEPT;
    if (kind === KIND_JUMP) {
      const verdict = walk(entry.chain!, view, ruleCost);
      if (verdict !== RETURN) return verdict;
    } else if (kind === KIND_GOTO) return walk(entry.chain!, view, ruleCost);
    else if (kind === KIND_RETURN) return RETURN;
    else if (kind === KIND_DROP) return DROP;
    else {
      const verdict = entry.action!.run(view);
      if (verdict !== CONTINUE) return verdict;
    }
  }
  return RETURN;
}

/** The same walk, telling each rule that was met: which matched, and of the others the term that failed. */
function walkTraced(
  table: TableName,
  chain: Chain,
  view: PacketView,
  steps: HookStep[],
  ruleCost: number,
): number {
  for (const [i, entry] of chain.entries.entries()) {
    view.packet.elapsed += ruleCost;
    const failed = entry.failedTerm(view, termText);
    const step = {
      table,
      chain: chain.name,
      rule: i + 1,
      text: ruleText(entry.rule),
      matched: failed === null,
    };
    steps.push(failed === null ? step : { ...step, failed });
    if (failed !== null) continue;
    entry.packets++;
    entry.bytes += view.length;
    const verdict = follow(table, entry, view, steps, ruleCost);
    if (verdict !== CONTINUE) return verdict;
  }
  return RETURN;
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

import { KernelError } from "../base/errno.js";
import type { RuleOrigin } from "../trace/events.js";
import { checkEntry } from "./check-entry.js";
import type { HookName } from "./hook.js";
import type { Netfilter } from "./netfilter.js";
import { isFinal } from "./rule.js";
import { chainNamedBy, type RuleEntry } from "./rule-entry.js";
import { Chain, type Table } from "./table.js";
import type { TableName } from "./tables.js";

const NOWHERE: ReadonlySet<HookName> = new Set();

/** How many rules of a chain a packet can come to: none after one that takes every packet and decides (mark_source_chains). */
function reachable({ entries }: DraftChain): number {
  const last = entries.findIndex(({ rule }) => isFinal(rule));
  return last < 0 ? entries.length : last + 1;
}

/** A chain that is being edited. */
export interface DraftChain {
  name: string;
  readonly hook: HookName | null;
  policy: "ACCEPT" | "DROP";
  /** What the policy has counted so far. */
  readonly packets: number;
  readonly bytes: number;
  entries: RuleEntry[];
  /** Counters that were given to the policy; null: they begin at 0, for every commit of libiptc makes them so. */
  counters: readonly [packets: number, bytes: number] | null;
  /** The command that set the policy. */
  origin: RuleOrigin | null;
}

/**
 * A copy of a table to edit, as libiptc has one: nothing is seen by packets before {@link commit}, which takes all or nothing. Rules that stay keep their
 * entry and so their counters.
 */
export class TableDraft {
  readonly name: TableName;
  /** Built-in chains, then the user's by name. */
  chains: DraftChain[];
  private readonly zeroed = new Set<RuleEntry>();

  constructor(
    private readonly netfilter: Netfilter,
    private readonly table: Table,
  ) {
    this.name = table.name;
    this.chains = table.chains.map(({ name, hook, policy, packets, bytes, entries, origin }) => ({
      name,
      hook,
      policy,
      packets,
      bytes,
      entries: [...entries],
      counters: null,
      origin,
    }));
  }

  chain(name: string): DraftChain | null {
    return this.chains.find((chain) => chain.name === name) ?? null;
  }

  addChain(name: string): DraftChain {
    const chain: DraftChain = {
      name,
      hook: null,
      policy: "ACCEPT",
      packets: 0,
      bytes: 0,
      entries: [],
      counters: null,
      origin: null,
    };
    this.chains.push(chain);
    this.sort();
    return chain;
  }

  removeChain(chain: DraftChain): void {
    this.chains = this.chains.filter((other) => other !== chain);
  }

  /** Puts the user's chains in order again (strcmp). */
  sort(): void {
    const users = this.chains.filter(({ hook }) => hook === null);
    users.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    this.chains = [...this.chains.filter(({ hook }) => hook !== null), ...users];
  }

  /** Rules that lead to a chain. */
  references(name: string): number {
    let count = 0;
    for (const { entries } of this.chains)
      for (const { rule } of entries) if (chainNamedBy(rule) === name) count++;
    return count;
  }

  zero(entries: readonly RuleEntry[]): void {
    for (const entry of entries) this.zeroed.add(entry);
  }

  /** Makes the draft the table. Throws ELOOP for a circle of jumps and RuleRefused for a rule that cannot stand where it is; nothing has changed then. */
  commit(): void {
    const reached = this.reach();
    for (const chain of this.chains) {
      const count = reachable(chain);
      const hooks = reached.get(chain.name)!;
      for (const [i, { rule }] of chain.entries.entries())
        checkEntry(rule, { table: this.name, hooks: i < count ? hooks : NOWHERE });
    }
    const chains = this.chains.map((draft) => {
      const chain = new Chain(draft.name, draft.hook);
      chain.policy = draft.policy;
      [chain.packets, chain.bytes] = draft.counters ?? [0, 0];
      for (const entry of draft.entries) entry.compile(this.netfilter);
      chain.entries = draft.entries;
      chain.origin = draft.origin;
      return chain;
    });
    const byName = new Map(chains.map((chain) => [chain.name, chain]));
    for (const chain of chains) {
      for (const entry of chain.entries) {
        const name = chainNamedBy(entry.rule);
        if (name !== null) entry.chain = byName.get(name)!;
      }
    }
    for (const entry of this.zeroed) {
      entry.packets = 0;
      entry.bytes = 0;
    }
    this.table.replace(chains);
    this.netfilter.tableChanged();
  }

  /** From which hooks each chain is reached (mark_source_chains). */
  private reach(): Map<string, Set<HookName>> {
    const reached = new Map(this.chains.map(({ name }) => [name, new Set<HookName>()]));
    const byName = new Map(this.chains.map((chain) => [chain.name, chain]));
    const visit = (chain: DraftChain, hook: HookName, path: ReadonlySet<string>): void => {
      if (path.has(chain.name)) throw new KernelError("ELOOP");
      const hooks = reached.get(chain.name)!;
      if (hooks.has(hook)) return;
      const deeper = new Set(path).add(chain.name);
      for (const { rule } of chain.entries.slice(0, reachable(chain))) {
        const next = chainNamedBy(rule);
        if (next !== null) visit(byName.get(next)!, hook, deeper);
      }
      hooks.add(hook);
    };
    for (const chain of this.chains) if (chain.hook !== null) visit(chain, chain.hook, new Set());
    return reached;
  }
}

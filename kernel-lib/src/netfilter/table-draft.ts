import { KernelError } from "../base/errno.js";
import type { RuleOrigin } from "../trace/events.js";
import type { HookName } from "./hook.js";
import { matchOf } from "./matches/index.js";
import type { Netfilter } from "./netfilter.js";
import { chainNamedBy, type RuleEntry } from "./rule-entry.js";
import { Chain, type Table } from "./table.js";
import type { TableName } from "./tables.js";
import { targetOf } from "./targets/index.js";

/** A chain that is being edited. */
export interface DraftChain {
  name: string;
  readonly hook: HookName | null;
  policy: "ACCEPT" | "DROP";
  packets: number;
  bytes: number;
  entries: RuleEntry[];
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

  /** Makes the draft the table. Throws ELOOP for a circle of jumps and EINVAL for a rule that cannot stand where it is; nothing has changed then. */
  commit(): void {
    const reached = this.reach();
    for (const chain of this.chains)
      for (const entry of chain.entries) this.check(entry, reached.get(chain.name)!);
    const chains = this.chains.map((draft) => {
      const chain = new Chain(draft.name, draft.hook);
      chain.policy = draft.policy;
      chain.packets = draft.packets;
      chain.bytes = draft.bytes;
      chain.entries = draft.entries;
      chain.origin = draft.origin;
      return chain;
    });
    const byName = new Map(chains.map((chain) => [chain.name, chain]));
    for (const chain of chains) {
      for (const entry of chain.entries) {
        entry.compile(this.netfilter);
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

  private check({ rule }: RuleEntry, hooks: ReadonlySet<HookName>): void {
    const place = { table: this.name, hooks };
    for (const value of rule.matches)
      if (matchOf(value).check?.(value, rule, place) === false) throw new KernelError("EINVAL");
    if (rule.target !== null && targetOf(rule.target)?.check?.(rule.target, rule, place) === false)
      throw new KernelError("EINVAL");
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
      for (const { rule } of chain.entries) {
        const next = chainNamedBy(rule);
        if (next !== null) visit(byName.get(next)!, hook, deeper);
      }
      hooks.add(hook);
    };
    for (const chain of this.chains) if (chain.hook !== null) visit(chain, chain.hook, new Set());
    return reached;
  }
}

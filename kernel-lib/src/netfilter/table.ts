import type { HookStep, RuleOrigin } from "../trace/events.js";
import { ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { HookName, Verdict } from "./hook.js";
import type { PacketView } from "./packet-view.js";
import {
  KIND_ACCEPT,
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
import { type RuleLog, Watcher, walkTraced } from "./walk-traced.js";

/** A chain of rules. A built-in one has a hook and a policy, whose counters are its own. */
export class Chain {
  policy: "ACCEPT" | "DROP" = "ACCEPT";
  packets = 0;
  bytes = 0;
  /** The command that set the policy; null while it is as the kernel made it. */
  origin: RuleOrigin | null = null;
  /** What {@link nextFit} reads, made anew with the entries. */
  heads: Int32Array = headsOf([]);
  private list: readonly RuleEntry[] = [];

  constructor(
    readonly name: string,
    /** Null for a user's chain. */
    readonly hook: HookName | null,
  ) {}

  /** What {@link Table.evaluate} comes to for a built-in chain without rules: the policy counts the packet and decides. */
  passEmpty({ bytes, network }: Packet): Verdict {
    this.packets++;
    this.bytes += ipv4.totalLength.get(bytes, network);
    return this.policy === "ACCEPT" ? "accept" : "drop";
  }

  get entries(): readonly RuleEntry[] {
    return this.list;
  }

  set entries(entries: readonly RuleEntry[]) {
    this.list = entries;
    this.heads = headsOf(entries);
  }
}

/** A hook and the chain that a table has there at present. */
export interface ChainPlace {
  readonly hook: HookName;
  chain: Chain;
}

/** A table as packets meet it. It is changed only by TableDraft.commit. */
export class Table {
  /** Built-in chains first, then the user's by name: the order of all listings. */
  chains: readonly Chain[];
  private readonly places: readonly ChainPlace[];
  /** A rule says TRACE: packets may have to be logged from there on. */
  private traces = false;

  constructor(
    readonly name: TableName,
    chains: readonly Chain[],
  ) {
    this.chains = chains;
    this.places = chains.flatMap((chain) => (chain.hook === null ? [] : [{ hook: chain.hook, chain }]));
  }

  replace(chains: readonly Chain[]): void {
    this.chains = chains;
    for (const place of this.places) place.chain = chains.find(({ hook }) => hook === place.hook)!;
    this.traces = chains.some(({ entries }) => entries.some(({ rule }) => rule.target?.target === "TRACE"));
  }

  chain(name: string): Chain | null {
    return this.chains.find((chain) => chain.name === name) ?? null;
  }

  /** Where the built-in chain of a hook is found, now and after changes. */
  place(hook: HookName): ChainPlace {
    return this.places.find((place) => place.hook === hook)!;
  }

  /**
   * Walks a packet through a built-in chain. Gives ACCEPT or DROP; `steps` gathers what was met while a trace is on, `log` takes the kernel's
   * own lines about packets under `-j TRACE`.
   */
  evaluate(chain: Chain, view: PacketView, steps: HookStep[] | null, ruleCost: number, log: RuleLog): number {
    const watcher =
      steps === null && !view.packet.nfTrace && !this.traces
        ? null
        : new Watcher(this.name, chain, steps, log);
    const verdict =
      watcher === null ? walk(chain, view, ruleCost) : walkTraced(watcher, chain, view, ruleCost);
    if (verdict !== RETURN) return verdict;
    chain.packets++;
    chain.bytes += view.length;
    watcher?.policy(chain, view);
    return chain.policy === "ACCEPT" ? ACCEPT : DROP;
  }
}

function walk(chain: Chain, view: PacketView, ruleCost: number): number {
  const { entries, heads } = chain;
  const count = entries.length;
  for (let i = 0; i < count; i++) {
    const from = i;
    i = nextFit(heads, i, view);
    view.packet.elapsed += ruleCost * (Math.min(i + 1, count) - from);
    if (i === count) break;
    const entry = entries[i]!;
    if (!entry.restMatches(view)) {
      if (view.broken) return DROP;
      continue;
    }
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

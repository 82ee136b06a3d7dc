import type { Device } from "../link/device.js";
import type { Packet } from "../wire/packet.js";

/** The five places in the IPv4 stack where netfilter sees a packet. */
export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

export type Verdict = "accept" | "drop" | "stolen";

/** A function at a hook: it may change the packet, or end its way (`stolen`: the packet is the function's from now on). */
export type HookFunction = (packet: Packet, input: Device | null, output: Device | null) => Verdict;

interface HookEntry {
  readonly name: string;
  readonly priority: number;
  readonly run: HookFunction;
}

/** Functions at the hooks, in kernel-priority order (nf_hook_entries). */
export class HookTable {
  /** Functions at all hooks together: 0 is what the hot path asks first. */
  count = 0;
  private readonly entries: Record<HookName, readonly HookEntry[]> = {
    PREROUTING: [],
    INPUT: [],
    FORWARD: [],
    OUTPUT: [],
    POSTROUTING: [],
  };

  /** Adds a function; lower priorities run first (NF_IP_PRI_RAW -300, CONNTRACK -200, MANGLE -150, NAT_DST -100, FILTER 0, NAT_SRC 100). */
  register(hook: HookName, name: string, priority: number, run: HookFunction): void {
    this.entries[hook] = [...this.entries[hook], { name, priority, run }].sort(
      (a, b) => a.priority - b.priority,
    );
    this.recount();
  }

  unregister(hook: HookName, name: string): void {
    this.entries[hook] = this.entries[hook].filter((entry) => entry.name !== name);
    this.recount();
  }

  /** Names of the functions at a hook, in the order in which they run. */
  names(hook: HookName): readonly string[] {
    return this.entries[hook].map((entry) => entry.name);
  }

  run(hook: HookName, packet: Packet, input: Device | null, output: Device | null): Verdict {
    for (const entry of this.entries[hook]) {
      const verdict = entry.run(packet, input, output);
      if (verdict !== "accept") return verdict;
    }
    return "accept";
  }

  private recount(): void {
    this.count = Object.values(this.entries).reduce((sum, list) => sum + list.length, 0);
  }
}

import type { Device } from "../link/device.js";
import type { Packet } from "../wire/packet.js";

/** The five places in the IPv4 stack where netfilter sees a packet. */
export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

export type Verdict = "accept" | "drop" | "stolen";

/** A function at a hook: it may change the packet, or end its way (`stolen`: the packet is the function's from now on). */
export type HookFunction = (packet: Packet, input: Device | null, output: Device | null) => Verdict;

/** Functions at the hooks, in kernel-priority order (nf_hook_entries). */
export class HookTable {
  private readonly entries: Record<HookName, { name: string; priority: number; run: HookFunction }[]> = {
    PREROUTING: [],
    INPUT: [],
    FORWARD: [],
    OUTPUT: [],
    POSTROUTING: [],
  };

  /** Adds a function; lower priorities run first (NF_IP_PRI_RAW -300, CONNTRACK -200, MANGLE -150, NAT_DST -100, FILTER 0, NAT_SRC 100). */
  register(hook: HookName, name: string, priority: number, run: HookFunction): void {
    const list = this.entries[hook];
    list.push({ name, priority, run });
    list.sort((a, b) => a.priority - b.priority);
  }

  unregister(hook: HookName, name: string): void {
    this.entries[hook] = this.entries[hook].filter((entry) => entry.name !== name);
  }

  run(hook: HookName, packet: Packet, input: Device | null, output: Device | null): Verdict {
    const list = this.entries[hook];
    for (let i = 0; i < list.length; i++) {
      const verdict = list[i]!.run(packet, input, output);
      if (verdict !== "accept") return verdict;
    }
    return "accept";
  }
}

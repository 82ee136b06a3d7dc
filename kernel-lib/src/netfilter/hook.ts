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
    this.set(
      hook,
      [...this.at(hook), { name, priority, run }].sort((a, b) => a.priority - b.priority),
    );
  }

  unregister(hook: HookName, name: string): void {
    this.set(
      hook,
      this.at(hook).filter((entry) => entry.name !== name),
    );
  }

  /** Names of the functions at a hook, in the order in which they run. */
  names(hook: HookName): readonly string[] {
    return this.at(hook).map((entry) => entry.name);
  }

  run(hook: HookName, packet: Packet, input: Device | null, output: Device | null): Verdict {
    const entries = this.at(hook);
    for (let i = 0; i < entries.length; i++) {
      const verdict = entries[i]!.run(packet, input, output);
      if (verdict !== "accept") return verdict;
    }
    return "accept";
  }

  /** `entries[hook]`, for every packet at every hook: five named properties are read faster than one named by a value. */
  private at(hook: HookName): readonly HookEntry[] {
    switch (hook) {
      case "PREROUTING":
        return this.entries.PREROUTING;
      case "INPUT":
        return this.entries.INPUT;
      case "FORWARD":
        return this.entries.FORWARD;
      case "OUTPUT":
        return this.entries.OUTPUT;
      case "POSTROUTING":
        return this.entries.POSTROUTING;
    }
  }

  private set(hook: HookName, entries: readonly HookEntry[]): void {
    this.count += entries.length - this.at(hook).length;
    this.entries[hook] = entries;
  }
}

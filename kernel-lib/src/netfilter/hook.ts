import type { Device } from "../link/device.js";
import type { Packet } from "../wire/packet.js";
import type { Conntrack } from "./conntrack/conntrack.js";
import type { Netfilter } from "./netfilter.js";
import type { ChainPlace, Table } from "./table.js";

/** The five places in the IPv4 stack where netfilter sees a packet. */
export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

export type Verdict = "accept" | "drop" | "stolen";

/** A function at a hook: it may change the packet, or end its way (`stolen`: the packet is the function's from now on). */
export type HookFunction = (packet: Packet, input: Device | null, output: Device | null) => Verdict;

/** What stands at a hook. Nearly all is one of netfilter's own four, which are called by name: V8 then compiles them into the caller, as it cannot with closures. */
export type HookPoint =
  | { readonly kind: typeof TRACK; readonly conntrack: Conntrack; readonly incoming: boolean }
  | { readonly kind: typeof CONFIRM; readonly conntrack: Conntrack }
  | {
      readonly kind: typeof TABLE | typeof NAT_TABLE;
      readonly netfilter: Netfilter;
      readonly table: Table;
      readonly place: ChainPlace;
    }
  | { readonly kind: typeof OTHER; readonly run: HookFunction };

export const TRACK = 0;
export const CONFIRM = 1;
export const TABLE = 2;
export const NAT_TABLE = 3;
export const OTHER = 4;

interface HookEntry {
  readonly name: string;
  readonly priority: number;
  readonly point: HookPoint;
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
  register(hook: HookName, name: string, priority: number, point: HookPoint): void {
    this.set(
      hook,
      [...this.at(hook), { name, priority, point }].sort((a, b) => a.priority - b.priority),
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
      const verdict = runPoint(entries[i]!.point, packet, input, output);
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

function runPoint(point: HookPoint, packet: Packet, input: Device | null, output: Device | null): Verdict {
  switch (point.kind) {
    case TRACK:
      return point.conntrack.track(packet, point.incoming);
    case CONFIRM:
      return point.conntrack.confirm(packet);
    case TABLE:
      return point.netfilter.runTable(point.table, point.place, packet, input, output);
    case NAT_TABLE:
      return point.netfilter.runNat(point.table, point.place, packet, input, output);
    case OTHER:
      return point.run(packet, input, output);
  }
}

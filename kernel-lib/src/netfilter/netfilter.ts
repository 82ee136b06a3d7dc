import type { Ipv4 } from "../base/addresses.js";
import type { Nanoseconds } from "../base/units.js";
import type { Device } from "../link/device.js";
import type { Fib } from "../route/fib.js";
import type { Random } from "../sim/random.js";
import type { HookStep } from "../trace/events.js";
import type { World } from "../trace/world.js";
import { ipv4 } from "../wire/ipv4.js";
import type { Packet } from "../wire/packet.js";
import type { BalancedLookup } from "./balanced.js";
import { Conntrack } from "./conntrack/conntrack.js";
import type { ConntrackSettings } from "./conntrack/settings.js";
import { conntrackLog } from "./conntrack-log.js";
import { DeviceNames } from "./device-names.js";
import { CONFIRM, type HookTable, NAT_TABLE, TABLE, TRACK, type Verdict } from "./hook.js";
import { LOG_EVERYTHING, logLine } from "./log-line.js";
import { Nat } from "./nat.js";
import { PacketView } from "./packet-view.js";
import { Chain, type ChainPlace, Table } from "./table.js";
import { TableDraft } from "./table-draft.js";
import type { TableModules } from "./table-modules.js";
import { CONFIRM_PRIORITY, CONNTRACK_PRIORITY, type TableName, tableSpec } from "./tables.js";
import { ACCEPT } from "./verdict.js";
import type { RuleLog } from "./walk-traced.js";

/** What netfilter needs of its namespace. */
export interface NetfilterPort {
  readonly world: World;
  readonly machine: string;
  readonly id: number;
  readonly hooks: HookTable;
  readonly fib: Fib;
  /** On an old kernel, the tables of the whole machine; null where each namespace has its own. */
  readonly tableModules: TableModules | null;
  /** The address that packets by `device` to `destination` should carry (inet_select_addr); 0 for none. */
  addressOf(device: Device, destination: Ipv4): Ipv4;
  /** Tells `settings` of net.netfilter.*, and shows the number of connections there. */
  followSettings(tracker: { readonly settings: ConntrackSettings; count(): number }): void;
  /** Whether a packet made here may go to where its destination is now (ip_route_me_harder). */
  hasWay(packet: Packet): boolean;
  /** ICMP destination unreachable about a packet, which stays the caller's. */
  sendUnreachable(packet: Packet, code: number): void;
  /** A TCP reset in answer to a packet, which stays the caller's. */
  sendReset(packet: Packet): void;
}

const CONNTRACK = "nf_conntrack";

/** Netfilter of one namespace: its tables, its connections and its NAT. Nothing is registered before the first table is used. */
export class Netfilter {
  readonly world: World;
  readonly random: Random;
  /** Set by IPVS: the balanced connection of a packet. */
  balance: BalancedLookup | null = null;
  readonly conntrack: Conntrack;
  readonly nat: Nat;
  /** Where LOG lines go; null in namespaces that have no log (all but the machine's own). */
  log: ((text: string, at: Nanoseconds) => void) | null = null;
  /** What the present hook has met, while a trace is on. */
  steps: HookStep[] | null = null;
  private readonly byName = new Map<TableName, Table>();
  readonly deviceNames = new DeviceNames();
  private readonly view = new PacketView(this.deviceNames);

  constructor(readonly port: NetfilterPort) {
    this.world = port.world;
    this.random = port.world.random.fork(`netfilter/${port.machine}/${port.id}`);
    this.conntrack = new Conntrack(port.world);
    this.nat = new Nat(this.conntrack, this.random.fork("nat"));
    const { conntrack } = this;
    conntrack.log = conntrackLog(this);
    port.followSettings({ settings: conntrack.settings, count: () => conntrack.count });
    port.tableModules?.enter(this);
  }

  /** Tables in use, the newest first, as /proc/net/ip_tables_names lists them. */
  get tables(): readonly Table[] {
    return [...this.byName.values()].reverse();
  }

  /** A table; its first use makes it, as loading its module does. */
  table(name: TableName): Table {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    this.port.tableModules?.load(name);
    return this.addTable(name);
  }

  edit(name: TableName): TableDraft {
    return new TableDraft(this, this.table(name));
  }

  /** The table in this namespace, made when it is not there yet. */
  addTable(name: TableName): Table {
    return this.byName.get(name) ?? this.createTable(name);
  }

  private createTable(name: TableName): Table {
    const spec = tableSpec(name)!;
    const table = new Table(
      name,
      spec.chains.map(([hook]) => new Chain(hook, hook)),
    );
    this.byName.set(name, table);
    for (const [hook, priority] of spec.chains) {
      const place = table.place(hook);
      const kind = name === "nat" ? NAT_TABLE : TABLE;
      this.port.hooks.register(hook, `iptable_${name}`, priority, { kind, netfilter: this, table, place });
    }
    return table;
  }

  /** Connections are tracked while a rule needs it (nf_ct_netns_get); those that are known stay when the last such rule goes. */
  tableChanged(): void {
    const needed = [...this.byName.values()].some(({ chains }) =>
      chains.some(({ entries }) => entries.some((entry) => entry.needsConntrack)),
    );
    if (needed === this.conntrack.active) return;
    this.conntrack.active = needed;
    const { hooks } = this.port;
    if (!needed) {
      for (const hook of ["PREROUTING", "OUTPUT", "INPUT", "POSTROUTING"] as const)
        hooks.unregister(hook, CONNTRACK);
      return;
    }
    const { conntrack } = this;
    for (const hook of ["PREROUTING", "OUTPUT"] as const)
      hooks.register(hook, CONNTRACK, CONNTRACK_PRIORITY, {
        kind: TRACK,
        conntrack,
        incoming: hook === "PREROUTING",
      });
    for (const hook of ["INPUT", "POSTROUTING"] as const)
      hooks.register(hook, CONNTRACK, CONFIRM_PRIORITY, { kind: CONFIRM, conntrack });
  }

  /** What `-j TRACE` writes of a rule: everything that LOG can (nf_log_trace). */
  private readonly ruleLog: RuleLog = (view, place) => {
    this.log?.(
      logLine(view, `TRACE: ${place} `, LOG_EVERYTHING),
      this.world.scheduler.now + view.packet.elapsed,
    );
  };

  /** A table at one of its hooks. */
  runTable(
    table: Table,
    { hook, chain }: ChainPlace,
    packet: Packet,
    input: Device | null,
    output: Device | null,
  ): Verdict {
    if (chain.entries.length === 0 && this.steps === null && !packet.nfTrace) return chain.passEmpty(packet);
    const { view } = this;
    view.load(packet, hook, input, output);
    const verdict = table.evaluate(chain, view, this.steps, this.world.costs.rule, this.ruleLog);
    return verdict === ACCEPT ? "accept" : "drop";
  }

  /** The nat table sees the first packet of a connection only; the others follow its bindings (nf_nat_inet_fn). */
  runNat(
    table: Table,
    place: ChainPlace,
    packet: Packet,
    input: Device | null,
    output: Device | null,
  ): Verdict {
    const { nat } = this;
    const { hook } = place;
    if (packet.connection === null || nat.isSettled(packet)) return "accept";
    if (nat.isRelatedError(packet)) return nat.translateError(packet, hook) ? "accept" : "drop";
    if (nat.needsRules(packet, hook)) {
      const verdict = this.runTable(table, place, packet, input, output);
      if (verdict !== "accept") return verdict;
      nat.bindNothing(packet, hook);
    } else if (nat.leavesElsewhere(packet, hook, output)) return "drop";
    const before = ipv4.destination.get(packet.bytes, packet.network);
    nat.translate(packet, hook);
    const moved = hook === "OUTPUT" && ipv4.destination.get(packet.bytes, packet.network) !== before;
    return moved && !this.port.hasWay(packet) ? "drop" : "accept";
  }
}

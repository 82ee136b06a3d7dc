import type {
  FirewallBridge,
  FirewallLayout,
  FirewallPort,
  FirewallRule,
  FirewallSettings,
} from "./layout.js";

/** A command of the engine; one that may fail clears the way for the next. */
export interface FirewallCommand {
  readonly argv: readonly string[];
  readonly mayFail: boolean;
}

function command(table: string, ...words: string[]): FirewallCommand {
  return { argv: ["iptables", "--wait", "-t", table, ...words], mayFail: false };
}

function add({ table, chain, at, rule }: FirewallRule): FirewallCommand {
  return command(table, at === "top" ? "-I" : "-A", chain, ...rule);
}

function remove({ table, chain, rule }: FirewallRule): FirewallCommand {
  return { ...command(table, "-D", chain, ...rule), mayFail: true };
}

/**
 * The firewall of one engine: it keeps what it has set up and says which `iptables` commands each change takes. It runs nothing itself.
 */
export class Firewall {
  private readonly bridges = new Map<
    string,
    { readonly bridge: FirewallBridge; readonly rules: readonly FirewallRule[] }
  >();

  constructor(
    private readonly layout: FirewallLayout,
    readonly settings: FirewallSettings = { userlandProxy: true },
  ) {}

  /** When the engine starts, with its first bridge. `forwarded`: IP forwarding was on before; where it was not, the engine closes FORWARD. */
  start(forwarded: boolean, bridge: FirewallBridge): readonly FirewallCommand[] {
    const { chains, base, onTop } = this.layout;
    return [
      ...(forwarded ? [] : [command("filter", "-P", "FORWARD", "DROP")]),
      ...chains.map(([table, name]) => command(table, "-N", name)),
      ...base(this.settings).map(add),
      ...this.addRules(bridge).map(add),
      ...onTop.map(add),
    ];
  }

  addBridge(bridge: FirewallBridge): readonly FirewallCommand[] {
    return [
      ...this.addRules(bridge).map(add),
      ...this.layout.onTop.flatMap((rule) => [remove(rule), add(rule)]),
    ];
  }

  private addRules(bridge: FirewallBridge): readonly FirewallRule[] {
    const others = [...this.bridges.values()].map((one) => one.bridge);
    const rules = this.layout.bridge(bridge, this.settings, others);
    this.bridges.set(bridge.device, { bridge, rules });
    return rules;
  }

  removeBridge(device: string): readonly FirewallCommand[] {
    const known = this.bridges.get(device);
    if (known === undefined) return [];
    this.bridges.delete(device);
    return known.rules.map(remove);
  }

  addPort(port: FirewallPort): readonly FirewallCommand[] {
    return this.layout.port(port, this.settings).map(add);
  }

  removePort(port: FirewallPort): readonly FirewallCommand[] {
    return this.layout.port(port, this.settings).map(remove);
  }

  addEndpoint(device: string, address: string): readonly FirewallCommand[] {
    return this.layout.endpoint(device, address).map(add);
  }

  removeEndpoint(device: string, address: string): readonly FirewallCommand[] {
    return this.layout.endpoint(device, address).map(remove);
  }
}

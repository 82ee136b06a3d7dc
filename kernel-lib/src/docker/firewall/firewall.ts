import {
  INGRESS_CHAIN,
  INGRESS_NAT_JUMPS,
  INGRESS_RETURNS,
  type IngressPort,
  ingressFilterJump,
  ingressMasquerade,
  ingressPort,
} from "./ingress.js";
import type {
  FirewallBridge,
  FirewallLayout,
  FirewallPort,
  FirewallRule,
  FirewallSettings,
} from "./layout.js";

/** A command of the engine; one that may fail clears the way for the next, or says what is so already. */
export interface FirewallCommand {
  readonly argv: readonly string[];
  readonly mayFail: boolean;
  /** It is run only when this one fails: `iptables -C` of a rule that is to be there once. */
  readonly unless?: readonly string[];
  /** It is run only when this one succeeds. */
  readonly provided?: readonly string[];
  /** How the daemon's message begins when it fails. */
  readonly failure?: string;
}

function command(table: string, ...words: string[]): FirewallCommand {
  return { argv: ["iptables", "--wait", "-t", table, ...words], mayFail: false };
}

function add({ table, chain, at, rule, failure = "" }: FirewallRule): FirewallCommand {
  return { ...command(table, at === "top" ? "-I" : "-A", chain, ...rule), failure };
}

function remove({ table, chain, rule }: FirewallRule): FirewallCommand {
  return { ...command(table, "-D", chain, ...rule), mayFail: true };
}

/** Adds a rule that may be there already. */
function ensure(rule: FirewallRule): FirewallCommand {
  return { ...add(rule), unless: command(rule.table, "-C", rule.chain, ...rule.rule).argv };
}

/** A rule that is to stand on top of its chain again. */
function lift(rule: FirewallRule): readonly FirewallCommand[] {
  return [remove(rule), add(rule)];
}

/** Whether DOCKER-INGRESS is there (libnetwork's ExistChain). */
function ingressIn(table: "nat" | "filter"): readonly string[] {
  return command(table, "-nL", INGRESS_CHAIN).argv;
}

/** The chain stays while rules outside of it jump to it. */
function empty([table, name]: FirewallLayout["chains"][number]): readonly FirewallCommand[] {
  return ["-F", "-X"].map((what) => ({ ...command(table, what, name), mayFail: true }));
}

/**
 * The firewall of one engine: it keeps what it has set up and says which `iptables` commands each change takes. It runs nothing itself.
 */
export class Firewall {
  /** This daemon has opened DOCKER-INGRESS. */
  private ingressOpen = false;
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
    const { chains, closesForward, base, onTop } = this.layout;
    return [
      ...(forwarded || !closesForward ? [] : [command("filter", "-P", "FORWARD", "DROP")]),
      ...chains.map(([table, name]) => command(table, "-N", name)),
      ...base(this.settings).map(add),
      ...this.addRules(bridge).map(add),
      ...onTop.map(add),
    ];
  }

  /**
   * When the engine starts once more, with its first bridge and the networks that it remembers. It empties its chains, adds what is missing, and makes the first
   * bridge's rules anew. Rules that only the other userland-proxy setting asks for are not looked for before 28 and stay.
   */
  restart(bridge: FirewallBridge, others: readonly FirewallBridge[]): readonly FirewallCommand[] {
    const { chains, base } = this.layout;
    const before = { ...this.settings, userlandProxy: !this.settings.userlandProxy };
    const jumps = [...base(this.settings), ...base(before)].filter(({ chain }) => /^(PRE|OUT)/.test(chain));
    const known = [bridge, ...others];
    const again = known.flatMap((one) => this.addRules(one));
    return [
      ...jumps.map(remove),
      ...chains.filter(([, name]) => name !== "DOCKER-USER").flatMap(empty),
      ...chains.map(([table, name]) => ({ ...command(table, "-N", name), mayFail: true })),
      ...base(this.settings).map(ensure),
      ...(this.layout.forgets ? [] : known.flatMap((one) => this.layout.bridge(one, before, []).map(remove))),
      ...again.map(ensure),
      ...this.removeBridge(bridge.device),
      ...this.addRules(bridge).map(ensure),
      ...this.onTop(true),
    ];
  }

  addBridge(bridge: FirewallBridge): readonly FirewallCommand[] {
    return [...this.addRules(bridge).map(add), ...this.onTop(false)];
  }

  /** What is lifted to the top of its chain after a change: DOCKER-INGRESS below DOCKER-USER. `asks`: whether the chain is there is asked of the kernel. */
  private onTop(asks: boolean): readonly FirewallCommand[] {
    const { onTop, ingress } = this.layout;
    const jump = ingressFilterJump(ingress);
    const users = onTop.filter(({ rule }) => rule.includes("DOCKER-USER"));
    const others = onTop.filter((rule) => !users.includes(rule));
    const lifted = jump.chain !== "FORWARD" || !(asks || this.ingressOpen) ? [] : lift(jump);
    return [
      ...others.flatMap(lift),
      ...(asks ? lifted.map((one) => ({ ...one, provided: ingressIn("filter") })) : lifted),
      ...users.flatMap(lift),
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

  /** The rules of a bridge could not be added; those that were stay, as the daemon leaves them. */
  forget(device: string): void {
    this.bridges.delete(device);
  }

  addPort(port: FirewallPort): readonly FirewallCommand[] {
    return this.layout.port(port, this.settings).map(ensure);
  }

  removePort(port: FirewallPort): readonly FirewallCommand[] {
    return this.layout.port(port, this.settings).map(remove);
  }

  /**
   * Makes DOCKER-INGRESS as far as it is missing; the first time it throws away what a former daemon left in it. `device` leads to the ingress sandbox,
   * also for what the machine sends from 127.0.0.1 (libnetwork's programIngress).
   */
  openIngress(device: string): readonly FirewallCommand[] {
    const { ingress, onTop } = this.layout;
    const first = !this.ingressOpen;
    this.ingressOpen = true;
    const jump = ingressFilterJump(ingress);
    const tables = ["nat", "filter"] as const;
    const users = onTop.filter(({ rule }) => rule.includes("DOCKER-USER"));
    return [
      ...tables
        .filter(() => first)
        .map((table) => ({
          ...command(table, "-F", INGRESS_CHAIN),
          mayFail: true,
          provided: ingressIn(table),
        })),
      ...tables.map((table) => ({ ...command(table, "-N", INGRESS_CHAIN), unless: ingressIn(table) })),
      ...INGRESS_RETURNS.map(ensure),
      ...INGRESS_NAT_JUMPS.map(ensure),
      ...(jump.chain === "FORWARD" ? [ensure(jump)] : lift(jump)),
      ...(first && jump.chain === "FORWARD" ? users.flatMap(lift) : []),
      { argv: ["sysctl", "-w", `net.ipv4.conf.${device}.route_localnet=1`], mayFail: true },
      ensure(ingressMasquerade(device)),
    ];
  }

  addIngressPort(port: IngressPort): readonly FirewallCommand[] {
    return ingressPort(this.layout.ingress, port).map(add);
  }

  removeIngressPort(port: IngressPort): readonly FirewallCommand[] {
    return ingressPort(this.layout.ingress, port).map(remove);
  }

  addEndpoint(bridge: FirewallBridge, address: string): readonly FirewallCommand[] {
    return this.layout.endpoint(bridge, address).map(add);
  }

  removeEndpoint(bridge: FirewallBridge, address: string): readonly FirewallCommand[] {
    return this.layout.endpoint(bridge, address).map(remove);
  }
}

import type { IngressLayout } from "./ingress.js";

/** What the rules take from the daemon's settings. */
export interface FirewallSettings {
  /** docker-proxy serves what rules cannot (daemon.json's userland-proxy). Without it rules do all of it: libnetwork's hairpin mode. */
  readonly userlandProxy: boolean;
  /** The machine runs under Windows in WSL's mirrored mode, where the Windows side reaches 127.0.0.1 by a device loopback0 (28). Default false. */
  readonly wsl2Mirrored?: boolean;
}

/** How a network's containers meet the outside (28): behind the machine's address, the same without guarding their own addresses, or by their own addresses only. */
export type GatewayMode = "nat" | "nat-unprotected" | "routed" | "isolated";

/** A bridge network as its rules need it. */
export interface FirewallBridge {
  readonly device: string;
  /** `172.17.0.0/16`. */
  readonly subnet: string;
  readonly internal: boolean;
  /** Containers of the network reach each other (com.docker.network.bridge.enable_icc). */
  readonly icc: boolean;
  /** Outgoing packets get the machine's address (com.docker.network.bridge.enable_ip_masquerade). */
  readonly masquerade: boolean;
  /** The address that they get; null: that of the device by which they leave (com.docker.network.host_ipv4, from 20.10 on). */
  readonly hostAddress: string | null;
  readonly gatewayMode: GatewayMode;
}

/** A published port of a container. */
export interface FirewallPort {
  readonly bridge: FirewallBridge;
  readonly protocol: "tcp" | "udp" | "sctp";
  /** `0/0` for all of the machine's addresses. */
  readonly hostAddress: string;
  /** Null: none of the machine's ports leads there, as in a routed network. */
  readonly hostPort: string | null;
  readonly containerAddress: string;
  readonly containerPort: string;
}

/** One rule that the engine issues: where, at which end, and what. */
export interface FirewallRule {
  readonly table: "filter" | "nat" | "raw";
  readonly chain: string;
  /** `top`: before the others; `bottom`: after them. */
  readonly at: "top" | "bottom";
  readonly rule: readonly string[];
  /** How the daemon's message begins where the rule cannot be added. */
  readonly failure?: string;
}

/** One release's layout of chains and rules: data and pure functions. */
export interface FirewallLayout {
  /** Chains that the engine makes when it starts, in that order. */
  readonly chains: readonly (readonly [table: "filter" | "nat" | "raw", name: string])[];
  /** From 1.13 on an engine that turns forwarding on closes FORWARD for all else. */
  readonly closesForward: boolean;
  /** On a restart with the other userland-proxy setting, rules that only the former one asks for are left behind (until 27). */
  readonly forgets: boolean;
  /** Their first rules. */
  base(settings: FirewallSettings): readonly FirewallRule[];
  /** Rules of a bridge network, in the order in which they are issued; `others` are the bridges that are there already. */
  bridge(
    bridge: FirewallBridge,
    settings: FirewallSettings,
    others: readonly FirewallBridge[],
  ): readonly FirewallRule[];
  /** Rules that must be the first of their chain again after each change, the last one named on top. */
  readonly onTop: readonly FirewallRule[];
  /** The rules of the swarm's published ports. */
  readonly ingress: IngressLayout;
  /** A published port. */
  port(port: FirewallPort, settings: FirewallSettings): readonly FirewallRule[];
  /** A container's address on a bridge (raw table protection of release 28), whether or not it publishes anything. */
  endpoint(bridge: FirewallBridge, address: string): readonly FirewallRule[];
}

/** Rule makers, so that layouts read as lists of iptables words. */
export function top(
  table: FirewallRule["table"],
  chain: string,
  words: string,
  failure?: string,
): FirewallRule {
  return { table, chain, at: "top", rule: words.split(" "), ...(failure === undefined ? {} : { failure }) };
}

export function bottom(
  table: FirewallRule["table"],
  chain: string,
  words: string,
  failure?: string,
): FirewallRule {
  return { ...top(table, chain, words, failure), at: "bottom" };
}

/** The message for a rule that has a name in the daemon. */
export function unable(name: string): string {
  return `Unable to enable ${name} rule: `;
}

/** Rules that are there on a condition. */
export function when(condition: boolean, ...rules: readonly FirewallRule[]): readonly FirewallRule[] {
  return condition ? rules : [];
}

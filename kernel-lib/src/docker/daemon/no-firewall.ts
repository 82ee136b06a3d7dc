import type { FirewallLayout } from "../firewall/layout.js";

/** `"iptables": false`: the daemon sets up no rules at all. */
export const NO_FIREWALL: FirewallLayout = {
  chains: [],
  closesForward: false,
  forgets: true,
  base: () => [],
  bridge: () => [],
  onTop: [],
  port: () => [],
  endpoint: () => [],
};

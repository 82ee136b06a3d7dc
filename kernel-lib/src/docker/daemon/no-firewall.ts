import { INGRESS_CLASSIC } from "../firewall/ingress.js";
import type { FirewallLayout } from "../firewall/layout.js";

/** `"iptables": false`: the daemon sets up no rules but the swarm's, which do not ask for the setting. */
export const NO_FIREWALL: FirewallLayout = {
  chains: [],
  closesForward: false,
  forgets: true,
  base: () => [],
  bridge: () => [],
  onTop: [],
  ingress: INGRESS_CLASSIC,
  port: () => [],
  endpoint: () => [],
};

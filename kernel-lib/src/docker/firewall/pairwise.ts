import { classicPort, forwardRules, internalRules, natBase, natRules } from "./classic.js";
import { INGRESS_CLASSIC } from "./ingress.js";
import { bottom, type FirewallLayout, type FirewallRule, top } from "./layout.js";

const ISOLATION = top("filter", "FORWARD", "-j DOCKER-ISOLATION");
const USER = top("filter", "FORWARD", "-j DOCKER-USER");

interface Release {
  readonly user: boolean;
  readonly establishedFirst: boolean;
  readonly closesForward: boolean;
}

/** Releases until 17.x: two DROPs in DOCKER-ISOLATION for each pair of bridges. Internal networks have DROPs of their own and are in no pair. */
function pairwise({ user, establishedFirst, closesForward }: Release): FirewallLayout {
  return {
    chains: [
      ["filter", "DOCKER"],
      ["nat", "DOCKER"],
      ["filter", "DOCKER-ISOLATION"],
      ...(user ? [["filter", "DOCKER-USER"] as const] : []),
    ],
    closesForward,
    forgets: true,
    base: (settings) => [
      bottom("filter", "DOCKER-ISOLATION", "-j RETURN"),
      ...(user ? [bottom("filter", "DOCKER-USER", "-j RETURN")] : []),
      ...natBase(settings),
    ],
    bridge(bridge, settings, others) {
      if (bridge.internal) return internalRules(bridge, "DOCKER-ISOLATION");
      const isolation = others
        .filter(({ internal }) => !internal)
        .flatMap(({ device }): FirewallRule[] => [
          top("filter", "DOCKER-ISOLATION", `-i ${bridge.device} -o ${device} -j DROP`),
          top("filter", "DOCKER-ISOLATION", `-i ${device} -o ${bridge.device} -j DROP`),
        ]);
      // These releases do not know com.docker.network.host_ipv4.
      const known = { ...bridge, hostAddress: null };
      return [...natRules(known, settings), ...forwardRules(known, establishedFirst), ...isolation];
    },
    onTop: user ? [ISOLATION, USER] : [ISOLATION],
    ingress: INGRESS_CLASSIC,
    port: classicPort,
    endpoint: () => [],
  };
}

/** 1.12: DOCKER before the established connections, as seed 003 lists it. FORWARD stays open. */
export const LAYOUT_1_12 = pairwise({ user: false, establishedFirst: false, closesForward: false });
/** 17.05: established connections first. */
export const LAYOUT_17_05 = pairwise({ user: false, establishedFirst: true, closesForward: true });
/** 17.09: DOCKER-USER besides. */
export const LAYOUT_17_09 = pairwise({ user: true, establishedFirst: true, closesForward: true });

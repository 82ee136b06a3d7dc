import { classicPort, forwardRules, internalRules, natBase, natRules } from "./classic.js";
import { bottom, type FirewallLayout, type FirewallRule, top } from "./layout.js";

const ISOLATION = top("filter", "FORWARD", "-j DOCKER-ISOLATION");
const USER = top("filter", "FORWARD", "-j DOCKER-USER");

/** Releases until 17.x: two DROPs in DOCKER-ISOLATION for each pair of bridges. */
function pairwise(options: { readonly user: boolean; readonly establishedFirst: boolean }): FirewallLayout {
  const user = options.user ? [bottom("filter", "DOCKER-USER", "-j RETURN")] : [];
  return {
    chains: [
      ["filter", "DOCKER"],
      ["nat", "DOCKER"],
      ["filter", "DOCKER-ISOLATION"],
      ...(options.user ? [["filter", "DOCKER-USER"] as const] : []),
    ],
    base: (settings) => [bottom("filter", "DOCKER-ISOLATION", "-j RETURN"), ...user, ...natBase(settings)],
    bridge(bridge, settings, others) {
      const isolation = others.flatMap(({ device }): FirewallRule[] => [
        top("filter", "DOCKER-ISOLATION", `-i ${bridge.device} -o ${device} -j DROP`),
        top("filter", "DOCKER-ISOLATION", `-i ${device} -o ${bridge.device} -j DROP`),
      ]);
      if (bridge.internal) return [...internalRules(bridge, "DOCKER-ISOLATION"), ...isolation];
      return [...natRules(bridge, settings), ...forwardRules(bridge, options.establishedFirst), ...isolation];
    },
    onTop: options.user ? [ISOLATION, USER] : [ISOLATION],
    port: classicPort,
    endpoint: () => [],
  };
}

/** 1.12: DOCKER before the established connections, as seed 003 lists it. */
export const LAYOUT_1_12 = pairwise({ user: false, establishedFirst: false });
/** 17.05: established connections first. */
export const LAYOUT_17_05 = pairwise({ user: false, establishedFirst: true });
/** 17.09: DOCKER-USER besides. */
export const LAYOUT_17_09 = pairwise({ user: true, establishedFirst: true });
